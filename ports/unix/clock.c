/**
 * @file
 * The system's monotonic clock. In a file of its own, so that a program which brings its own time
 * (a simulator) defines these functions itself.
 */
#include <time.h>
#include "lwip/sys.h"
#include "port/clock.h"

u64_t sys_now_us(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (u64_t)now.tv_sec * 1000000 + (u64_t)(now.tv_nsec / 1000);
}

u32_t sys_now(void)
{
  return (u32_t)(sys_now_us() / 1000);
}

u32_t sys_jiffies(void)
{
  return sys_now();
}
