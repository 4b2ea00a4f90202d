/**
 * @file
 * Echo requests become replies where they lie: what both ICMPs share.
 */
#ifndef IP_ICMP_ECHO_H
#define IP_ICMP_ECHO_H

#include "lwip/pbuf.h"

/** Header of an echo message: type, code, checksum, identifier, sequence number. */
#define ICMP_ECHO_HEADER_LEN 8

/**
 * The request in a form whose header may be overwritten, with room for headers in front of it. Its
 * data is not copied unless somebody else holds it too.
 *
 * @param p              at least ICMP_ECHO_HEADER_LEN bytes; taken over
 * @param ip_header_len  of the reply
 * @return NULL: no memory
 */
struct pbuf *icmp_echo_make_writable(struct pbuf *p, u16_t ip_header_len);

#endif /* IP_ICMP_ECHO_H */
