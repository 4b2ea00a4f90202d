/**
 * @file
 * How a socket's descriptor knows its stack instance.
 *
 * With many instances descriptors are the process's: a thread looks at the owner without a lock, to
 * find the instance whose core lock guards the rest, and looks again when it has that.
 */
#ifndef LWIP_HDR_SOCK_TABLE_H
#define LWIP_HDR_SOCK_TABLE_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/priv/api_core.h"

#if LWIP_SOCKET

/** Descriptors: as many as connections. */
#define NUM_SOCKETS MEMP_NUM_NETCONN

#if LWIP_MULTI_INSTANCE

#include <stdatomic.h>

/** 0: the descriptor is free; 1: the default instance's; else the address of another one. */
typedef _Atomic(mem_ptr_t) sock_owner_t;
typedef mem_ptr_t sock_owner_value;

static inline sock_owner_value sock_owner_mine(void)
{
  struct stack *s = stack_current();
  return s != NULL ? (sock_owner_value)s : 1;
}

static inline sock_owner_value sock_owner_get(sock_owner_t *owner)
{
  return atomic_load_explicit(owner, memory_order_acquire);
}

/** The same without any lock: to know whose lock to take. */
static inline sock_owner_value sock_owner_peek(sock_owner_t *owner)
{
  return sock_owner_get(owner);
}

/** @return false: somebody has it */
static inline bool sock_owner_take(sock_owner_t *owner)
{
  sock_owner_value is_free = 0;
  return sock_owner_get(owner) == 0 &&
         atomic_compare_exchange_strong(owner, &is_free, sock_owner_mine());
}

static inline void sock_owner_drop(sock_owner_t *owner)
{
  atomic_store_explicit(owner, 0, memory_order_release);
}

static inline struct core_hold sock_owner_enter(sock_owner_value owner)
{
  return core_enter_stack(owner == 1 ? NULL : (struct stack *)owner);
}

#else

typedef u8_t sock_owner_t;
typedef u8_t sock_owner_value;

static inline sock_owner_value sock_owner_mine(void)
{
  return 1;
}

static inline sock_owner_value sock_owner_get(const sock_owner_t *owner)
{
  return *owner;
}

static inline sock_owner_value sock_owner_peek(const sock_owner_t *owner)
{
  LWIP_UNUSED_ARG(owner);
  return sock_owner_mine();
}

static inline bool sock_owner_take(sock_owner_t *owner)
{
  bool is_free = *owner == 0;
  *owner = 1;
  return is_free;
}

static inline void sock_owner_drop(sock_owner_t *owner)
{
  *owner = 0;
}

/** The lock comes first here: whether there is an owner is asked again behind it. */
static inline struct core_hold sock_owner_enter(sock_owner_value owner)
{
  LWIP_UNUSED_ARG(owner);
  return core_enter_stack();
}

#endif

#endif /* LWIP_SOCKET */

#endif /* LWIP_HDR_SOCK_TABLE_H */
