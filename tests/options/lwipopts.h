/** @file A profile (the host's unless OPTION_PROFILE names another) for test_options.py to vary. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#ifdef OPTION_HOOKS
#include "option_hook_macros.h"
#endif

#ifdef OPTION_ALLOCATOR
#include <stddef.h>
void *option_malloc(size_t size);
void *option_calloc(size_t count, size_t size);
void option_free(void *mem);
#endif

#ifdef OPTION_LOCK
void option_lock(void);
void option_unlock(void);
#endif

#ifdef OPTION_PROFILE
#include OPTION_PROFILE
#else
#include "host.h"
#endif

#endif /* LWIPOPTS_H */
