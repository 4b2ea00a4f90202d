/**
 * @file
 * A bad line in software: frames that go through it are lost, doubled, altered, overtaken, delayed
 * and sent at a given rate. One object is one direction; ethdev_impair() (port/ethdev.h) puts one
 * into each direction of a device.
 *
 * All that is random follows from the seed and from the number of frames that have gone through,
 * one stream per kind of mishap, so that switching one on changes none of the others. Time is the
 * stack's: late frames come out of its timers, a millisecond late at most.
 *
 *     struct impair_settings bad = {0};
 *     impair_option(&bad, "loss", "1%");
 *     impair_option(&bad, "rtt", "40ms");
 *     impair_option(&bad, "rate", "10M");
 *     ethdev_impair(dev, &bad);
 */
#ifndef PORT_IMPAIR_H
#define PORT_IMPAIR_H

#include <stdbool.h>
#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Zeroed: a perfect line. Chances are in millionths, each frame's own. */
struct impair_settings {
  u64_t seed;
  u32_t loss_ppm;
  u32_t duplicate_ppm; /* comes twice, one behind the other */
  u32_t corrupt_ppm;   /* one bit of it is flipped */
  u32_t reorder_ppm;   /* one to four later frames overtake it, or 2 ms pass */
  u32_t delay_us;      /* each frame is that late */
  u32_t queue_bytes;   /* what waits for a `rate_bps`, beyond which it is lost; 0: 64 KiB */
  u64_t rate_bps;      /* bits per second; 0: no limit */
};

/** What has happened so far. */
struct impair_counters {
  u32_t frames; /* given in */
  u32_t lost;
  u32_t duplicated;
  u32_t corrupted;
  u32_t reordered;
  u32_t queue_full;
};

/** A frame comes out. `frame` is valid during the call. */
typedef void (*impair_fn)(void *arg, u8_t *frame, u16_t len);

struct impair;

/** NULL: no memory. */
struct impair *impair_new(const struct impair_settings *settings, impair_fn deliver, void *arg);

/** Frames that are still under way are lost. NULL is allowed. */
void impair_free(struct impair *line);

/** A frame goes in; it may come out before this returns. Its bytes may be altered. */
void impair_frame(struct impair *line, u8_t *frame, u16_t len);

/** Never NULL: all 0 for a `line` that is NULL. */
const struct impair_counters *impair_counters(const struct impair *line);

/**
 * Take one option as a person writes it: `loss`, `duplicate`, `corrupt`, `reorder` in percent
 * ("0.1%"), `delay` or `rtt` with its unit ("20ms", "500us", "1s"; `rtt` is half as much delay, for
 * both directions to have), `rate` in bits per second ("10M", "56k", "1G"), `queue` in bytes
 * ("64k"), `seed`.
 *
 * @return 1: taken; 0: there is no such option; -1: the value makes no sense
 */
int impair_option(struct impair_settings *settings, const char *name, const char *value);

#ifdef __cplusplus
}
#endif

#endif /* PORT_IMPAIR_H */
