/**
 * @file
 * Messages to the tcpip thread: what netconn, netifapi and libraries of programs build on.
 */
#ifndef LWIP_HDR_TCPIP_PRIV_H
#define LWIP_HDR_TCPIP_PRIV_H

#include "lwip/opt.h"

#if !NO_SYS

#include "lwip/err.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What every call through tcpip_api_call() carries: the first member of the caller's own struct,
 * which holds the arguments and the results.
 */
struct tcpip_api_call_data {
#if !LWIP_TCPIP_CORE_LOCKING
  err_t err;
#if !LWIP_NETCONN_SEM_PER_THREAD
  sys_sem_t sem;
#endif
#else
  u8_t dummy;
#endif
};

/** The function of a call: runs with the core lock held, or in the tcpip thread. */
typedef err_t (*tcpip_api_call_fn)(struct tcpip_api_call_data *call);

/**
 * Call `fn(call)` where the core may be used, and wait for it: with core locking here, under the
 * lock; without, in the tcpip thread. A caller who may use the core already just calls it.
 *
 * @return what `fn` returned; ERR_VAL: no tcpip thread (without core locking); ERR_MEM
 */
err_t tcpip_api_call(tcpip_api_call_fn fn, struct tcpip_api_call_data *call);

/**
 * Have `fn(apimsg)` run where the core may be used and wait for `sem`, which `fn` or something that
 * it starts signals. With core locking it runs here and now and `sem` is not waited for: it may be
 * NULL, and the caller waits himself if he has to.
 *
 * @return ERR_OK; ERR_VAL: no tcpip thread
 */
err_t tcpip_send_msg_wait_sem(tcpip_callback_fn fn, void *apimsg, sys_sem_t *sem);

/** Is the calling thread the tcpip thread of its instance? 0 where nobody can tell. */
int tcpip_thread_is_current(void);

/** One message in the mailbox: it knows how to be served. */
struct tcpip_msg {
  void (*serve)(struct tcpip_msg *msg); /* in the tcpip thread, lock held; frees it if need be */
  union {
    struct {
      struct pbuf *p;
      struct netif *netif;
      netif_input_fn input_fn;
    } in;
    struct {
      tcpip_callback_fn function;
      void *ctx;
    } callback;
    struct {
      tcpip_api_call_fn fn;
      struct tcpip_api_call_data *data;
      sys_sem_t *sem;
    } call;
  } u;
};

#ifdef __cplusplus
}
#endif

#else

#include "lwip/err.h"

/* No threads: a call is a call. */
struct tcpip_api_call_data {
  u8_t dummy;
};

typedef err_t (*tcpip_api_call_fn)(struct tcpip_api_call_data *call);

static inline err_t tcpip_api_call(tcpip_api_call_fn fn, struct tcpip_api_call_data *call)
{
  return fn(call);
}

#endif /* !NO_SYS */

#endif /* LWIP_HDR_TCPIP_PRIV_H */
