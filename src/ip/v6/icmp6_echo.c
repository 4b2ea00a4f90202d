/**
 * @file
 * Echo over IPv6: requests are answered (RFC 4443 4.2), and errors about our replies believed.
 *
 * Replies are sent by nobody who could say later "that was mine". So that a path that is narrower
 * than the link does not stay dark for long pings (RFC 8201 4), fingerprints of the last replies
 * that may have been too long are kept: only those who saw one, or asked for it, can tell us a path
 * MTU.
 *
 * State: the fingerprints and their key.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/icmp6.h"
#include "lwip/ip6.h"
#include "lwip/def.h"
#include "gossamer/drop.h"
#include "gossamer/pmtu.h"
#include "gossamer/state.h"
#include "base/random.h"
#include "ip/any_echo.h"
#include "ip/icmp_echo.h"
#include "ip/icmp_limit.h"
#include "ip/v6/icmp6_module.h"
#include "ip/v6/icmp6_priv.h"

#if LWIP_IPV6 && LWIP_ICMP6

/** The codepoint without the ECN bits, which belong to the request's way (RFC 3168 5). */
#define ICMP6_TC_DSCP 0xfcU

/** Long replies that are remembered: as many as errors about them are under way. */
#define ECHO_SENT_MAX 8

struct echo_state {
  u8_t key[SIPHASH_KEY_LEN];
  u32_t sent[ECHO_SENT_MAX];
  u8_t next;
  u8_t count;
};

STACK_STATE(struct echo_state, echoes);

/** `rest`: identifier and sequence number. */
static u32_t echo_fingerprint(const struct echo_state *s, const ip6_addr_t *to, u32_t rest)
{
  u32_t words[5] = {to->addr[0], to->addr[1], to->addr[2], to->addr[3], rest};
  return siphash_u32(s->key, words, LWIP_ARRAYSIZE(words));
}

/** A reply is about to be sent. */
static void echo_note(const struct pbuf *p, const ip6_addr_t *to, u32_t rest)
{
  struct echo_state *s = echoes();
  if (!LWIP_PMTU_DISCOVERY || p->tot_len <= PMTU_IP6_FLOOR - IP6_HLEN) {
    return;
  }
  if (s->count == 0) {
    random_key(s->key, "echo replies");
  }
  s->sent[s->next] = echo_fingerprint(s, to, rest);
  s->next = (u8_t)((s->next + 1) % ECHO_SENT_MAX);
  s->count = (u8_t)LWIP_MIN(s->count + 1, ECHO_SENT_MAX);
}

bool icmp6_echo_error(const struct ip_error *e)
{
  struct echo_state *s = echoes();
  struct icmp6_message m;
  if (!LWIP_PMTU_DISCOVERY || s->count == 0 || icmp6_parse(&m, e->l4, e->l4_len) != DROP_NONE ||
      m.type != ICMP6_TYPE_EREP) {
    return false;
  }
  u32_t fingerprint = echo_fingerprint(s, ip_2_ip6(e->dst), m.rest);
  for (u8_t i = 0; i < s->count; i++) {
    if (s->sent[i] == fingerprint) {
      return true;
    }
  }
  return false;
}

/** Echo to a group is answered where that is switched on (RFC 4443 4.2: SHOULD; a group's many
    answers to one request are what smurf attacks live on, hence not by default). */
static enum drop_reason icmp6_echo_check(const struct ip_rx *rx)
{
  if ((rx->flags & IP_RX_MULTICAST) && !LWIP_MULTICAST_PING) {
    return DROP_ICMP6_GROUP_ECHO;
  }
  if (ip6_addr_isany(ip_2_ip6(&rx->src))) {
    return DROP_ICMP6_BAD_SRC;
  }
  return icmp_limit_allows_echo() ? DROP_NONE : DROP_ICMP6_RATE_LIMITED;
}

void icmp6_echo_rx(struct pbuf *p, const struct ip_rx *rx, const struct icmp6_message *m)
{
  enum drop_reason bad = icmp6_echo_check(rx);
  if (bad) {
    drop(p, bad);
    return;
  }
  if (LWIP_ANY_ADDRESS && (rx->flags & IP_RX_ANY_ADDRESS) && any_echo_takes(p, rx)) {
    return;
  }
  p = icmp_echo_make_writable(p, IP6_HLEN);
  if (p == NULL) {
    drop(NULL, DROP_ICMP6_NO_MEMORY);
    return;
  }
  const struct icmp6_message reply = {.type = ICMP6_TYPE_EREP, .rest = m->rest};
  icmp6_build((u8_t *)p->payload, &reply);
  echo_note(p, ip_2_ip6(&rx->src), m->rest);
  icmp6_answer(p, rx, rx->tos & ICMP6_TC_DSCP);
  pbuf_free(p);
}

#endif
