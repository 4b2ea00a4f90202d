/**
 * @file
 * A main loop without threads: waits for descriptors and for the stack's next timer.
 *
 *     struct port_loop loop = {0};
 *     port_loop_add(&loop, &dev->source);
 *     while (!stop) {
 *       port_loop_turn(&loop, -1);
 *     }
 */
#ifndef PORT_LOOP_H
#define PORT_LOOP_H

#ifdef __cplusplus
extern "C" {
#endif

/** A descriptor to wait for. The owner keeps it, and it stands in one loop at most. */
struct port_source {
  int fd;
  void (*ready)(struct port_source *s); /* the descriptor can be read */
  void (*flush)(struct port_source *s); /* send what has been queued; may be NULL */
  struct port_source *next;
};

/** Zeroed: a loop without sources. At most PORT_LOOP_SOURCES_MAX of them. */
struct port_loop {
  struct port_source *sources;
};

#define PORT_LOOP_SOURCES_MAX 64

/** 0, or -1 when there are too many. */
int port_loop_add(struct port_loop *loop, struct port_source *s);
void port_loop_remove(struct port_loop *loop, struct port_source *s);

/**
 * One turn: flush, sleep until something is readable or a timer is due or `max_ms` have passed (-1:
 * no limit), then run what is ready.
 *
 * @return number of ready sources; -1 on error or when a signal came, see errno
 */
int port_loop_turn(struct port_loop *loop, int max_ms);

#ifdef __cplusplus
}
#endif

#endif /* PORT_LOOP_H */
