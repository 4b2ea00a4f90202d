/**
 * @file
 * Where the state of a stack lives: in its instance, and nowhere else.
 *
 * Every module keeps its state in one struct and names it once:
 *
 *     struct arp_state { struct arp_entry entry[ARP_TABLE_SIZE]; struct timer ageing; };
 *     STACK_STATE(struct arp_state, arp);     defines: static struct arp_state *arp(void)
 *
 * LWIP_MULTI_INSTANCE 0: arp() is the address of a static object, so nothing is paid.
 *
 * LWIP_MULTI_INSTANCE 1: all such objects stand in one linker section, which is itself the default
 * instance. Every other instance is a zeroed block of the section's size, and the calling thread
 * holds the distance from the section to its current instance. An access is therefore one
 * thread-local addition, as with the per-CPU variables of a kernel; no slot is looked up, and there
 * is no "no instance" to check for: a thread that never entered one is in the default instance.
 *
 * State starts zeroed; what must start otherwise is set by the module's init().
 */
#ifndef GOSSAMER_STATE_H
#define GOSSAMER_STATE_H

#include "lwip/opt.h"
#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_MULTI_INSTANCE

/** Distance in bytes from the default instance to this thread's current one. */
#ifdef __cplusplus
extern __thread mem_ptr_t stack_delta; /* C++'s thread_local would look for an initialiser */
#else
extern _Thread_local mem_ptr_t stack_delta;
#endif

#define STACK_SECTION         __attribute__((section("stack_state")))
#define STACK_PROCESS_SECTION __attribute__((section("stack_process")))

/** The current instance's copy of an object that stands in the state section. */
#define STACK_SLOT(type, object) ((type *)((mem_ptr_t)(object) + stack_delta))

#else

#define STACK_SECTION
#define STACK_PROCESS_SECTION
#define STACK_SLOT(type, object) (object)

#endif

/** Define one module's state and its accessor `name()`, both private to the file. */
#define STACK_STATE(type, name)                                                                    \
  static STACK_SECTION type name##_state;                                                          \
  static inline type *name(void)                                                                   \
  {                                                                                                \
    return STACK_SLOT(type, &name##_state);                                                        \
  }                                                                                                \
  struct stack_state_needs_semicolon

/**
 * The same for what all instances of the process share: descriptors of sockets. Its owner says how
 * threads of several instances meet there.
 */
#define STACK_PROCESS(type, name)                                                                  \
  static STACK_PROCESS_SECTION type name##_state;                                                  \
  static inline type *name(void)                                                                   \
  {                                                                                                \
    return &name##_state;                                                                          \
  }                                                                                                \
  struct stack_state_needs_semicolon

/**
 * lwIP's public "globals": STACK_GLOBAL_DEFINE(struct netif *, netif_list) in one source file, in
 * its header STACK_GLOBAL_DECLARE(struct netif *, netif_list) and
 * `#define netif_list STACK_GLOBAL(struct netif *, netif_list)`.
 */
#define STACK_GLOBAL_DECLARE(type, name) extern type name##_state
#define STACK_GLOBAL_DEFINE(type, name) STACK_SECTION type name##_state
#define STACK_GLOBAL(type, name) (*STACK_SLOT(type, &name##_state))

#ifdef __cplusplus
}
#endif

#endif /* GOSSAMER_STATE_H */
