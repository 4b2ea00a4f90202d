/**
 * @file
 * One question on its way: to which server, how often, and what becomes of answers.
 *
 * State: which server answered last; one struct dns_ask for each question.
 *
 * Each sending is a new UDP endpoint with a random port and has a random id (RFC 5452 9.2), and in
 * the first round letters of random case, which servers repeat (draft-vixie-dnsext-dns0x20); later
 * rounds do without it, for servers that don't. The endpoint is connected, so that it hears its
 * server alone, and of ICMP errors. What does not match is not the end of the question: it may be
 * forged.
 *
 * Servers are asked in turn, each up to DNS_MAX_RETRIES times, with more patience in each round.
 * One that says it cannot tell is not asked again for this question.
 *
 * A truncated answer is asked for again by TCP, of the same server (RFC 7766 5). If that fails,
 * what was in it is used, and said to be truncated; if nothing was, the next server is asked.
 */
#include <string.h>
#include "lwip/opt.h"

#if LWIP_DNS

#include "lwip/def.h"
#include "lwip/mem.h"
#include "lwip/prot/dns.h"
#include "lwip/udp.h"
#include "lwip/priv/dns_hooks.h"
#include "gossamer/drop.h"
#include "gossamer/state.h"
#include "base/random.h"
#include "control/dns_answer.h"
#include "control/dns_priv.h"
#include "control/dns_servers.h"
#include "control/dns_tcp.h"

#define FIRST_WAIT_MS       1000U
#define WAIT_DOUBLINGS_MAX  3
#define ALIAS_QUESTIONS_MAX 8      /* aliases whose end a server leaves to be asked for */
#define NEGATIVE_TTL_MAX_S  10800U /* RFC 2308 5 */
#define RCODE_SERVFAIL      2
#define MESSAGE_MAX         1500
#define TCP_WAIT_MS         5000U /* for the connection and the answer */

struct dns_ask {
  struct dns_entry *entry;
  struct udp_pcb *pcb; /* NULL: nothing was sent */
  struct dns_tcp *tcp; /* NULL: it is not asked by TCP */
  struct timer timer;
  u32_t ttl_s; /* of the aliases that led to `asked` */
  u16_t id;
  u16_t attempt; /* sendings, tried ones counted */
  u8_t refusals; /* servers that could not tell */
  u8_t aliases;  /* questions that an alias led to */
  u8_t server;   /* whom the last sending was for */
  bool is_exact; /* answers must repeat the case of letters */
  bool is_by_tcp;
  bool is_cut; /* an answer was too long */
  struct dns_name asked;
};

struct dns_ask_state {
  u8_t good; /* place of the server that answered last, among those that are there */
};
STACK_STATE(struct dns_ask_state, asks);

/* --- servers --- */

/** The `n`th of those that are there. @param count  gets how many there are */
static const struct dns_server *server_at(size_t n, size_t *count)
{
  const struct dns_server *list;
  const struct dns_server *found = NULL;
  size_t places = dns_servers_list(&list);
  *count = 0;
  for (size_t i = 0; i < places; i++) {
    if (ip_addr_isany(&list[i].addr)) {
      continue;
    }
    if (*count == n) {
      found = &list[i];
    }
    (*count)++;
  }
  return found;
}

static size_t server_count(void)
{
  size_t count;
  server_at(0, &count);
  return count;
}

/* --- sending --- */

static void endpoint_close(struct dns_ask *ask)
{
  if (ask->pcb != NULL) {
    udp_remove(ask->pcb);
    ask->pcb = NULL;
  }
  if (DNS_TCP_MESSAGE_MAX) {
    dns_tcp_stop(ask->tcp);
    ask->tcp = NULL;
  }
  timer_cancel(&ask->timer);
}

static void ask_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                     u16_t port);
static void ask_error(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e);

/** @return ERR_MEM: no memory or port */
static err_t endpoint_open(struct dns_ask *ask, const struct dns_server *s)
{
  ask->pcb = udp_new_ip_type(IP_GET_TYPE(&s->addr));
  if (ask->pcb == NULL) {
    return ERR_MEM;
  }
  struct netif *netif = netif_get_by_index(s->netif_idx);
  if (netif != NULL) {
    udp_bind_netif(ask->pcb, netif);
  }
  udp_recv(ask->pcb, ask_recv, ask);
  udp_err(ask->pcb, ask_error);
  err_t err = udp_bind(ask->pcb, IP46_ADDR_ANY(IP_GET_TYPE(&s->addr)), 0);
  return err == ERR_OK ? udp_connect(ask->pcb, &s->addr, DNS_SERVER_PORT) : err;
}

static u16_t type_of(const struct dns_entry *e)
{
  return e->family == RESOLVE_IP6    ? DNS_RRTYPE_AAAA
         : e->family == RESOLVE_NAME ? DNS_RRTYPE_PTR
                                     : DNS_RRTYPE_A;
}

/** Letters to upper or lower case, at random. */
static void mix_case(struct dns_name *n)
{
  u8_t bits[(DNS_NAME_MAX + 7) / 8];
  random_bytes(bits, sizeof bits);
  for (size_t i = 0; i < n->len; i++) {
    u8_t letter = n->bytes[i] | 0x20;
    if (letter >= 'a' && letter <= 'z') {
      bool is_upper = (bits[i / 8] >> (i % 8) & 1) != 0;
      n->bytes[i] = is_upper ? (u8_t)(letter ^ 0x20) : letter;
    }
  }
}

static err_t question_send(struct dns_ask *ask)
{
  u16_t len = (u16_t)(DNS_HEADER_LEN + ask->asked.len + 4);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
  if (p == NULL) {
    return ERR_MEM;
  }
  dns_query_build((u8_t *)p->payload, ask->id, &ask->asked, type_of(ask->entry));
  err_t err = udp_send(ask->pcb, p);
  pbuf_free(p);
  return err;
}

static err_t ask_send(struct dns_ask *ask, const struct dns_server *s, bool is_first_round)
{
  endpoint_close(ask);
  ask->id = (u16_t)random_u32();
  ask->is_by_tcp = false;
  ask->is_exact = is_first_round;
  if (is_first_round) {
    mix_case(&ask->asked);
  }
  err_t err = endpoint_open(ask, s);
  return err == ERR_OK ? question_send(ask) : err;
}

static void ask_end(struct dns_ask *ask, enum resolve_status status, u32_t ttl_s)
{
  struct dns_entry *e = ask->entry;
  endpoint_close(ask);
  e->ask = NULL;
  if (status != RESOLVE_OK) {
    dns_entry_empty(e);
    e->is_truncated = ask->is_cut && status == RESOLVE_FAILED;
  }
  mem_free(ask);
  dns_entry_set(e, status, ttl_s);
}

static void ask_timeout(struct timer *t);

/** Ask the next server, or give up. Those that cannot be reached at all are not waited for. */
static void ask_next(struct dns_ask *ask)
{
  size_t count = server_count();
  while (ask->attempt < count * DNS_MAX_RETRIES) {
    size_t round = ask->attempt / count;
    ask->server = (u8_t)((asks()->good + ask->attempt) % count);
    ask->attempt++;
    err_t err = ask_send(ask, server_at(ask->server, &count), round == 0);
    if (err == ERR_OK || err == ERR_MEM) {
      timer_set(&ask->timer, ask_timeout, FIRST_WAIT_MS << LWIP_MIN(round, WAIT_DOUBLINGS_MAX));
      return;
    }
  }
  ask_end(ask, RESOLVE_TRY_AGAIN, 0);
}

static void ask_timeout(struct timer *t)
{
  ask_next(TIMER_OWNER(t, struct dns_ask, timer));
  dns_entries_changed();
}

static void ask_error(void *arg, struct udp_pcb *pcb, err_t err, const struct ip_error *e)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(e);
  if (err != ERR_VAL) { /* nobody listens, or there is no way */
    ask_next((struct dns_ask *)arg);
    dns_entries_changed();
  }
}

/* --- answers --- */

/** The server cannot tell, or no more than what it has told. */
static void ask_refused(struct dns_ask *ask, enum resolve_status status)
{
  ask->refusals++;
  if (dns_entry_has_answer(ask->entry)) {
    ask_end(ask, RESOLVE_OK, 0);
  } else if (ask->refusals >= server_count()) {
    ask_end(ask, status, 0);
  } else {
    ask_next(ask);
  }
}

/** What the name is an alias of, or what an address is called. In lower case: servers may repeat
    parts of the question in it, and their random case. */
static bool keep_name(struct dns_ask *ask, const struct dns_answer *a)
{
  if (!a->is_alias && ask->aliases == 0) {
    return true;
  }
  size_t bytes = DNS_NAME_BYTES(&a->name);
  struct dns_name *copy = (struct dns_name *)mem_malloc((mem_size_t)bytes);
  if (copy != NULL) {
    memcpy(copy, &a->name, bytes);
    dns_name_to_lower(copy);
    ask->entry->canonical = copy;
  }
  return copy != NULL;
}

/** To the entry, in place of what was in it. @return false: no memory */
static bool keep_answer(struct dns_ask *ask, const struct dns_answer *a)
{
  struct dns_entry *e = ask->entry;
  dns_entry_empty(e);
  if (a->type != DNS_RRTYPE_PTR) {
    e->addr = (ip_addr_t *)mem_malloc((mem_size_t)(a->count * sizeof *e->addr));
    if (e->addr == NULL) {
      return false;
    }
    e->count = a->count;
    dns_answer_addrs(a, e->addr);
  }
  e->is_truncated = a->header.is_truncated;
  return keep_name(ask, a);
}

/* --- by TCP --- */

static void ask_heard(struct dns_ask *ask, struct dns_answer *a);

static void tcp_answered(void *arg, const u8_t *msg, size_t len)
{
  struct dns_ask *ask = (struct dns_ask *)arg;
  struct dns_answer a;
  ask->tcp = NULL;
  if (msg == NULL) {
    ask_refused(ask, RESOLVE_FAILED);
  } else if (dns_answer_fits(&a, msg, len, ask->id, &ask->asked, type_of(ask->entry),
                             ask->is_exact)) {
    ask_heard(ask, &a);
  } else {
    drop(NULL, DROP_DNS_MISMATCH);
    ask_refused(ask, RESOLVE_FAILED);
  }
  dns_entries_changed();
}

static void tcp_timeout(struct timer *t)
{
  struct dns_ask *ask = TIMER_OWNER(t, struct dns_ask, timer);
  endpoint_close(ask);
  ask_refused(ask, RESOLVE_FAILED);
  dns_entries_changed();
}

/** Ask the server that answered once more. What it has told is kept meanwhile. @return false: no */
static bool ask_by_tcp(struct dns_ask *ask, const struct dns_answer *a)
{
  u8_t query[DNS_QUERY_LEN_MAX];
  ip_addr_t server;
  if (!DNS_TCP_MESSAGE_MAX || ask->is_by_tcp) {
    return false;
  }
  ip_addr_copy(server, ask->pcb->remote_ip);
  u8_t netif_idx = ask->pcb->netif_idx;
  endpoint_close(ask);
  ask->is_by_tcp = true;
  ask->id = (u16_t)random_u32();
  u16_t len = (u16_t)dns_query_build(query, ask->id, &ask->asked, type_of(ask->entry));
  ask->tcp = dns_tcp_start(&server, netif_idx, query, len, tcp_answered, ask);
  if (ask->tcp == NULL) {
    return false;
  }
  timer_set(&ask->timer, tcp_timeout, TCP_WAIT_MS);
  if (a->count > 0 && !keep_answer(ask, a)) {
    dns_entry_empty(ask->entry);
  }
  return true;
}

/* --- what was heard --- */

/** The name is an alias, whose target the server did not look up. */
static void ask_target(struct dns_ask *ask, const struct dns_answer *a)
{
  if (++ask->aliases > ALIAS_QUESTIONS_MAX) {
    ask_end(ask, RESOLVE_FAILED, 0);
    return;
  }
  ask->ttl_s = LWIP_MIN(ask->ttl_s, a->ttl_s);
  ask->asked = a->name;
  ask->attempt = 0;
  ask->refusals = 0;
  ask_next(ask);
}

static void ask_answered(struct dns_ask *ask, const struct dns_answer *a)
{
  bool is_name = a->header.rcode == DNS_FLAG2_ERR_NONE;
  u32_t negative_ttl_s = LWIP_MIN(LWIP_MIN(a->negative_ttl_s, ask->ttl_s), NEGATIVE_TTL_MAX_S);
  asks()->good = ask->server;
  ask->is_cut = a->header.is_truncated;
  if (a->header.is_truncated && ask_by_tcp(ask, a)) {
    return;
  }
  if (a->count > 0) {
    bool is_kept = keep_answer(ask, a);
    ask_end(ask, is_kept ? RESOLVE_OK : RESOLVE_NO_MEMORY,
            a->header.is_truncated ? 0 : LWIP_MIN(ask->ttl_s, a->ttl_s));
  } else if (a->header.is_truncated) {
    ask_end(ask, RESOLVE_FAILED, 0);
  } else if (is_name && a->is_alias && a->negative_ttl_s == 0) {
    ask_target(ask, a);
  } else {
    ask_end(ask, is_name ? RESOLVE_NO_DATA : RESOLVE_NO_NAME, negative_ttl_s);
  }
}

static void ask_heard(struct dns_ask *ask, struct dns_answer *a)
{
  bool tells = a->header.rcode == DNS_FLAG2_ERR_NONE || a->header.rcode == DNS_FLAG2_ERR_NAME;
  if (tells && dns_answer_read(a)) {
    ask_answered(ask, a);
    return;
  }
  if (tells) {
    drop(NULL, DROP_DNS_MALFORMED);
  }
  ask_refused(ask, a->header.rcode == RCODE_SERVFAIL ? RESOLVE_TRY_AGAIN : RESOLVE_FAILED);
}

static void ask_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
                     u16_t port)
{
  struct dns_ask *ask = (struct dns_ask *)arg;
  struct dns_answer a;
  bool is_whole = p->len == p->tot_len;
  void *copy = is_whole || p->tot_len > MESSAGE_MAX ? NULL : mem_malloc(p->tot_len);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(port);
  if (copy != NULL) {
    pbuf_copy_partial(p, copy, p->tot_len, 0);
  }
  const u8_t *msg = (const u8_t *)(is_whole ? p->payload : copy);
  if (msg == NULL) {
    drop(p, DROP_DNS_NO_MEMORY);
    return;
  }
  if (dns_answer_fits(&a, msg, p->tot_len, ask->id, &ask->asked, type_of(ask->entry),
                      ask->is_exact)) {
    ask_heard(ask, &a);
    pbuf_free(p);
  } else {
    drop(p, DROP_DNS_MISMATCH);
  }
  mem_free(copy);
  dns_entries_changed();
}

/* --- life --- */

void dns_ask_start(struct dns_entry *e)
{
  struct dns_ask *ask = NULL;
  if (dns_cache_asking() < 2 * DNS_MAX_REQUESTS) {
    ask = (struct dns_ask *)mem_malloc(sizeof *ask);
  }
  if (ask == NULL) {
    dns_entry_set(e, RESOLVE_NO_MEMORY, 0);
    return;
  }
  memset(ask, 0, sizeof *ask);
  ask->entry = e;
  ask->ttl_s = DNS_MAX_TTL;
  memcpy(&ask->asked, &e->name, DNS_NAME_BYTES(&e->name));
  e->ask = ask;
  ask_next(ask);
}

void dns_ask_stop(struct dns_entry *e)
{
  if (e->ask != NULL) {
    endpoint_close(e->ask);
    mem_free(e->ask);
    e->ask = NULL;
  }
}

void dns_ask_fini(void)
{
  asks()->good = 0;
}

#endif /* LWIP_DNS */
