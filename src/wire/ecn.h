/**
 * @file
 * The ECN field: the low two bits of the type of service or traffic class (RFC 3168 5).
 */
#ifndef WIRE_ECN_H
#define WIRE_ECN_H

#define ECN_MASK    0x03U
#define ECN_NOT_ECT 0x00U /* whoever sent it knows nothing of ECN: drop it rather than mark it */
#define ECN_ECT1    0x01U
#define ECN_ECT0    0x02U
#define ECN_CE      0x03U /* congestion experienced */

#endif /* WIRE_ECN_H */
