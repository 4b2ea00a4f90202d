/* The one function that lwIP needs of a NO_SYS port. */
#include "lwip/sys.h"

u32_t sys_now(void)
{
  static u32_t now_ms;
  return now_ms++;
}
