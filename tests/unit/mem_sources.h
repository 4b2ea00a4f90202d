/*
 * The heap's sources with the options set so far, in place of the library's: nothing of the library
 * is linked.
 */
#ifndef TESTS_UNIT_MEM_SOURCES_H
#define TESTS_UNIT_MEM_SOURCES_H

#include "base/fault.c"
#include "lwip/stats.h"

STACK_GLOBAL_DEFINE(struct stats_, lwip_stats);

/* mem.c and mem_guard.c both have a static guard_check(). */
#define guard_check guard_check_bytes
#include "base/mem_guard.c"
#undef guard_check
#include "base/mem.c"

#endif
