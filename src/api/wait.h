/**
 * @file
 * Threads that wait for events of objects: the one way in which the API waits.
 *
 * A waiter is a thread, asleep or about to be. It stands, by one struct api_wait each, on the lists
 * of all objects whose events would wake it: one for a blocking call, many for poll(). Lists are
 * the objects', under the core lock of the objects' instance; a thread may wait for objects of
 * several instances.
 *
 *     struct api_waiter me;
 *     if (!api_waiter_init(&me)) ...            no memory for a semaphore
 *     struct api_wait w;
 *     api_wait_add(&w, &me, &conn->waits, API_EVENT_IN);
 *     while (there is nothing && api_waiter_sleep(&me, deadline)) {}   gives up the core lock
 *     api_wait_remove(&w);
 *     api_waiter_end(&me);
 */
#ifndef API_WAIT_H
#define API_WAIT_H

#include <stdbool.h>
#include "lwip/opt.h"
#include "lwip/sys.h"
#include "lwip/priv/api_core.h"
#include "base/core.h"

/* What objects tell; the same bits as POLLIN and its kin need not be. */
#define API_IN   0x01U /* data, their end, or a connection can be taken */
#define API_OUT  0x02U /* data can be written, or a connect has ended */
#define API_ERR  0x04U
#define API_HUP  0x08U /* the peer is gone, or we are */
#define API_PRI  0x10U /* urgent data */
#define API_GONE 0x20U /* the object ends: whoever waits must let go of it */
#define API_ALL  0x3FU

struct api_waiter {
  struct core_sem sem;
  core_flag_t is_woken; /* the semaphore has its one unit, or had, or is about to get it */
  struct core_signal signal;
  /* Where threads can be ended from outside (LWIP_SEM_WAIT_CANCELLABLE): called, without a lock,
     by one that ends in its sleep, to leave the lists and free what it holds. NULL: it cannot be
     ended there. Set it after api_waiter_init(). */
  void (*abandon)(void *arg);
  void *abandon_arg;
};

struct api_wait {
  struct api_wait *next;
  struct api_wait **pprev; /* NULL: on no list */
  struct api_waiter *waiter;
  u8_t events; /* API_* that wake it */
  CORE_OF_OBJECT;
};

/** A moment, or never. */
struct api_deadline {
  bool is_set;
  u32_t start; /* stack_now() */
  u32_t len_ms;
};

/** `timeout_ms` from now; 0: never. */
struct api_deadline api_deadline_in(u32_t timeout_ms);
bool api_deadline_is_over(const struct api_deadline *d);

/** @return false: no semaphore could be had */
bool api_waiter_init(struct api_waiter *waiter);
void api_waiter_end(struct api_waiter *waiter);

/** Stand on a list. With the core lock. */
void api_wait_add(struct api_wait *wait, struct api_waiter *waiter, struct api_wait **list,
                  u8_t events);
/** Leave it. With the core lock of the object's instance. */
void api_wait_remove(struct api_wait *wait);
/** The same, taking that lock, for one that may stand on none: zeroed, or left before. */
void api_wait_leave(struct api_wait *wait);

/**
 * Sleep until woken; the core lock of the current instance is given up meanwhile (is_locked) or was
 * not held. Being woken again between the end of one sleep and the next is not lost.
 *
 * @return false: the deadline has passed
 */
bool api_waiter_sleep(struct api_waiter *waiter, const struct api_deadline *deadline,
                      bool is_locked);

/** Something has happened: wake those who wait for it. With the core lock. */
void api_wake(struct api_wait *list, u8_t events);
/** The object goes: wake all and take them off the list. */
void api_wake_and_empty(struct api_wait **list);

#endif /* API_WAIT_H */
