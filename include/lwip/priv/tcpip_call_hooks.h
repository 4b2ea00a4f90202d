/**
 * @file
 * What the tcpip thread and calls into it do by options, as functions that always exist.
 */
#ifndef LWIP_HDR_PRIV_TCPIP_CALL_HOOKS_H
#define LWIP_HDR_PRIV_TCPIP_CALL_HOOKS_H

#include "lwip/opt.h"

#if !NO_SYS

#include "lwip/memp.h"
#include "lwip/timeouts.h"
#include "lwip/priv/tcpip_priv.h"
#include "lwip/priv/netifapi_priv.h"
#include "gossamer/timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The port's own timers, or ours: also where programs have none (LWIP_TIMERS 0). */
#if LWIP_TIMERS && LWIP_TIMERS_CUSTOM
static inline void tcpip_timers_run(void)
{
  sys_check_timeouts();
}

static inline u32_t tcpip_timers_sleep_ms(void)
{
  return sys_timeouts_sleeptime();
}
#else
static inline void tcpip_timers_run(void)
{
  timers_run();
}

static inline u32_t tcpip_timers_sleep_ms(void)
{
  return timers_sleep_ms();
}
#endif

/* Messages for packets: none where packets are processed by who brings them. */
#if LWIP_TCPIP_CORE_LOCKING_INPUT
static inline struct tcpip_msg *tcpip_msg_in_alloc(void)
{
  return NULL;
}

static inline void tcpip_msg_in_free(struct tcpip_msg *msg)
{
  (void)msg;
}
#else
static inline struct tcpip_msg *tcpip_msg_in_alloc(void)
{
  return (struct tcpip_msg *)memp_malloc(MEMP_TCPIP_MSG_INPKT);
}

static inline void tcpip_msg_in_free(struct tcpip_msg *msg)
{
  memp_free(MEMP_TCPIP_MSG_INPKT, msg);
}
#endif

/* The result of a call that a message carries, and the semaphore that says that it is there. */
#if LWIP_TCPIP_CORE_LOCKING
static inline void api_call_set_err(struct tcpip_api_call_data *call, err_t err)
{
  (void)call;
  (void)err;
}

static inline err_t api_call_err(const struct tcpip_api_call_data *call)
{
  (void)call;
  return ERR_OK;
}
#else
static inline void api_call_set_err(struct tcpip_api_call_data *call, err_t err)
{
  call->err = err;
}

static inline err_t api_call_err(const struct tcpip_api_call_data *call)
{
  return call->err;
}
#endif

#if LWIP_TCPIP_CORE_LOCKING
static inline sys_sem_t *api_call_sem_get(struct tcpip_api_call_data *call)
{
  (void)call;
  return NULL;
}

static inline void api_call_sem_put(struct tcpip_api_call_data *call)
{
  (void)call;
}
#elif LWIP_NETCONN_SEM_PER_THREAD
static inline sys_sem_t *api_call_sem_get(struct tcpip_api_call_data *call)
{
  (void)call;
  return LWIP_NETCONN_THREAD_SEM_GET();
}

static inline void api_call_sem_put(struct tcpip_api_call_data *call)
{
  (void)call;
}
#else
static inline sys_sem_t *api_call_sem_get(struct tcpip_api_call_data *call)
{
  return sys_sem_new(&call->sem, 0) == ERR_OK ? &call->sem : NULL;
}

static inline void api_call_sem_put(struct tcpip_api_call_data *call)
{
  sys_sem_free(&call->sem);
}
#endif

/* Messages of netifapi, where they may not stand on the caller's stack. */
#if LWIP_NETIF_API
#if LWIP_MPU_COMPATIBLE
static inline struct netifapi_msg *netifapi_msg_alloc(void)
{
  return (struct netifapi_msg *)memp_malloc(MEMP_NETIFAPI_MSG);
}

static inline void netifapi_msg_free(struct netifapi_msg *msg)
{
  memp_free(MEMP_NETIFAPI_MSG, msg);
}
#else
static inline struct netifapi_msg *netifapi_msg_alloc(void)
{
  return NULL;
}

static inline void netifapi_msg_free(struct netifapi_msg *msg)
{
  (void)msg;
}
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif /* !NO_SYS */

#endif /* LWIP_HDR_PRIV_TCPIP_CALL_HOOKS_H */
