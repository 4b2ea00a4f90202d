/**
 * @file
 * The kernel's random numbers. In a file of its own, so that a program which wants reproducible
 * ones defines lwip_port_rand() itself.
 */
#include <stdlib.h>
#include <sys/random.h>
#include "lwip/arch.h"

unsigned int lwip_port_rand(void)
{
  unsigned int value;
  /* Up to 256 bytes come whole or not at all; EINTR only before the kernel has its seed. */
  while (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value) {
  }
  return value;
}
