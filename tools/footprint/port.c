/* The port's side, apart so that its bytes are not counted. */
#include "lwip/sys.h"

volatile u32_t mac_register;

u32_t sys_now(void)
{
  return mac_register;
}

unsigned int lwip_port_rand(void)
{
  return mac_register;
}
