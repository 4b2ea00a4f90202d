/**
 * @file
 * An HTTP client in the device: getaddrinfo() and sockets, as an application uses them.
 */
#ifndef EXAMPLES_DEVICE_FETCH_H
#define EXAMPLES_DEVICE_FETCH_H

#include <stdbool.h>

/** Whether it is of the kind "http://HOST[:PORT][/PATH]". */
bool fetch_understands(const char *url);

/**
 * Fetch a URL over each IP version for which HOST has an address, and print a
 * line for each. In the device's instance, core lock not held.
 *
 * @return 0: all could be fetched; 1: not, or the name has no address
 */
int fetch(const char *url);

#endif /* EXAMPLES_DEVICE_FETCH_H */
