/* The port's side (arch/cc.h of tests/config/cortex-m), apart so that its bytes are not counted. */
#include "lwip/sys.h"

volatile u32_t mac_register;

u32_t sys_now(void)
{
  return mac_register;
}

unsigned int board_rand(void)
{
  return mac_register;
}

void board_print(const char *format, ...)
{
  mac_register = (u32_t)format[0];
}

void board_panic(const char *what)
{
  board_print(what);
}

#if SYS_LIGHTWEIGHT_PROT
sys_prot_t sys_arch_protect(void)
{
  return (sys_prot_t)mac_register;
}

void sys_arch_unprotect(sys_prot_t before)
{
  mac_register = before;
}
#endif
