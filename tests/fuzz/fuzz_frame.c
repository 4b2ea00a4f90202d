/**
 * @file
 * Whole frames into a live instance: two netifs with forwarding between them, pcbs that echo,
 * groups joined, time passing in between. Whatever came, at the end the stack answers a ping and
 * gives back all memory; each frame that it sends has right checksums.
 *
 * The input is a list of operations. The low three bits of an operation's first byte say what it
 * is:
 *
 *     0-3  a frame: 2 bytes of length, then its bytes. Upper bits: enum frame_flag
 *     4    time: 1 byte, mantissa in the low 6 bits, exponent (times 4, of 2) in the upper 2, in ms
 *     5    the application sends UDP: 1 byte for the destination, 1 for the length (from 128 on:
 *          to IPv6 destinations)
 *     6    the application or the administrator does something: 1 byte, see admin()
 *     7    a ping from the peer, to keep the dialogue going; bit 3: over IPv6
 * needs: ipv4
 */
#include "common.h"
#include "frame6.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/igmp.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/nd6.h"
#include "lwip/raw.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"
#include "gossamer/multicast.h"
#include "gossamer/ip6_config.h"
#include "gossamer/netif_addr.h"
#include "gossamer/router_advert.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"

enum frame_flag {
  FRAME_FIX = 0x08,     /* right IP and transport lengths and checksums */
  FRAME_ADDRESS = 0x10, /* from a peer's MAC to ours */
  FRAME_OTHER = 0x20,   /* comes in by the second netif */
  FRAME_CHAINED = 0x40, /* small pbufs */
  FRAME_TO_US = 0x80    /* with FRAME_FIX: IP destination is ours */
};

#define FRAME_LEN_MAX  2000
#define REPLIES_MAX    64
#define NETS           2
#define OPERATIONS_MAX 400
#define ECHOES_MAX     500

struct net {
  struct netif netif;
  u8_t number;
  u8_t reply[REPLIES_MAX][NS6_REPLY_LEN];
  size_t reply_len[REPLIES_MAX];
  size_t reply_count;
};

static struct net nets[NETS];
static u32_t clock_ms;
static u64_t random_state;
static unsigned pongs, pongs6;
static unsigned echoes_left; /* two of ours that echo each other would never end */
static struct udp_pcb *pcb[4];
static struct raw_pcb *raw, *raw6;
static struct mcast_membership member[3];
#if LWIP_IPV6
static struct mcast_membership member6[2];
#endif
#if LWIP_IPV6 && LWIP_ROUTER_ADVERT
static struct router_advert advert;
static struct router_advert_prefix advert_prefix;
#endif

static u32_t port_now_ms(void *ctx)
{
  (void)ctx;
  return clock_ms;
}

static void port_entropy(void *ctx, void *buf, size_t len)
{
  (void)ctx;
  for (size_t i = 0; i < len; i++) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    ((u8_t *)buf)[i] = (u8_t)(random_state >> 56);
  }
}

static u16_t get16(const u8_t *b)
{
  return (u16_t)(b[0] << 8 | b[1]);
}

static void put16(u8_t *b, u16_t v)
{
  b[0] = (u8_t)(v >> 8);
  b[1] = (u8_t)v;
}

/* --- the wire --- */

/** Everybody in 10.0.<number>.2 to .250 answers. */
static bool answer_arp(struct net *n, const u8_t *f, size_t len)
{
  if (len < 42 || get16(f + 12) != 0x0806 || get16(f + 20) != 1) {
    return false;
  }
  const u8_t *target = f + 38;
  bool is_peer = target[0] == 10 && target[1] == 0 && target[2] == n->number && target[3] >= 2 &&
                 target[3] <= 250;
  if (is_peer && n->reply_count < REPLIES_MAX) {
    n->reply_len[n->reply_count] = 42;
    u8_t *r = n->reply[n->reply_count++];
    const u8_t mac[6] = {2, 0, 0, 0, n->number, target[3]};
    memcpy(r, f + 6, 6);
    memcpy(r + 6, mac, 6);
    memcpy(r + 12, f + 12, 8);
    put16(r + 20, 2);
    memcpy(r + 22, mac, 6);
    memcpy(r + 28, target, 4);
    memcpy(r + 32, f + 22, 10);
  }
  return true;
}

static bool answer_ns(struct net *n, const u8_t *f, size_t len)
{
  u8_t reply[NS6_REPLY_LEN];
  if (!frame6_answer_ns(reply, f, len, n->number)) {
    return false;
  }
  if (n->reply_count < REPLIES_MAX) {
    n->reply_len[n->reply_count] = sizeof reply;
    memcpy(n->reply[n->reply_count++], reply, sizeof reply);
  }
  return true;
}

static void check_sent_ip4(const u8_t *ip, size_t len)
{
  FUZZ_ASSERT(len >= 20 && ip[0] >> 4 == 4);
  size_t header_len = (size_t)(ip[0] & 15) * 4;
  size_t total_len = get16(ip + 2);
  FUZZ_ASSERT(header_len >= 20 && header_len <= total_len && total_len <= len);
  FUZZ_ASSERT(reference_checksum(ip, header_len, 0) == 0);
  FUZZ_ASSERT(ip[12] < 224 && ip[12] != 127 && ip[16] != 127);
  FUZZ_ASSERT(ip[8] > 0);
  const u8_t *l4 = ip + header_len;
  size_t l4_len = total_len - header_len;
  if (ip[9] == 1 && (get16(ip + 6) & 0x3fff) == 0 && ip[12] == 10 && ip[15] == 1) {
    FUZZ_ASSERT(l4_len >= 8 && reference_checksum(l4, l4_len, 0) == 0);
    pongs += l4[0] == 0 && get16(l4 + 4) == 0xf00d;
  }
}

static err_t linkoutput(struct netif *netif, struct pbuf *p)
{
  struct net *n = netif->state;
  u8_t f[1600];
  FUZZ_ASSERT(p->tot_len >= 14 && p->tot_len <= netif->mtu + 18);
  size_t len = pbuf_copy_partial(p, f, p->tot_len, 0);
  FUZZ_ASSERT(len == p->tot_len);
  FUZZ_ASSERT(memcmp(f + 6, netif->hwaddr, 6) == 0);
  if (get16(f + 12) == 0x86dd) {
    pongs6 += frame6_check_sent(f + 14, len - 14, n->number);
    (void)answer_ns(n, f, len);
  } else if (!answer_arp(n, f, len) && get16(f + 12) == 0x0800) {
    check_sent_ip4(f + 14, len - 14);
  }
  return ERR_OK;
}

static err_t driver_init(struct netif *netif)
{
  const struct net *n = netif->state;
  const u8_t mac[6] = {2, 0, 0, 0, n->number, 1};
  netif->name[0] = 'f';
  netif->name[1] = 'z';
  netif->mtu = n->number == 0 ? 1500 : 600;
  netif->hwaddr_len = 6;
  memcpy(netif->hwaddr, mac, 6);
  netif->output = etharp_output;
  netif->linkoutput = linkoutput;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                 NETIF_FLAG_LINK_UP | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
#if LWIP_IPV6
  netif->output_ip6 = ethip6_output;
#endif
  return ERR_OK;
}

/** PBUF_POOL, or a chain of pbufs of odd small sizes. */
static struct pbuf *frame_pbuf(const u8_t *data, size_t len, bool is_chained)
{
  if (!is_chained) {
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    FUZZ_ASSERT(p != NULL);
    pbuf_take(p, data, (u16_t)len);
    return p;
  }
  struct pbuf *chain = NULL;
  for (size_t off = 0; off < len || chain == NULL;) {
    size_t part = LWIP_MIN(1 + off % 7, len - off);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)part, PBUF_RAM);
    FUZZ_ASSERT(p != NULL);
    if (part > 0) {
      memcpy(p->payload, data + off, part);
    }
    off += part;
    if (chain == NULL) {
      chain = p;
    } else {
      pbuf_cat(chain, p);
    }
  }
  return chain;
}

static void input(struct net *n, const u8_t *data, size_t len, bool is_chained)
{
  struct pbuf *p = frame_pbuf(data, len, is_chained);
  if (n->netif.input(p, &n->netif) != ERR_OK) {
    pbuf_free(p);
  }
}

/** Deliver the answers to ARP requests, run what is due now. */
static void settle(void)
{
  unsigned rounds = 0;
  bool is_busy = true;
  while (is_busy) {
    is_busy = false;
    FUZZ_ASSERT(++rounds < 10000);
    for (size_t i = 0; i < NETS; i++) {
      if (nets[i].reply_count > 0) {
        u8_t reply[NS6_REPLY_LEN];
        size_t n = --nets[i].reply_count;
        memcpy(reply, nets[i].reply[n], sizeof reply);
        input(&nets[i], reply, nets[i].reply_len[n], false);
        is_busy = true;
      }
    }
    if (timers_sleep_ms() == 0) {
      timers_run();
      is_busy = true;
    }
  }
}

static void advance(u32_t ms)
{
  u32_t end_ms = clock_ms + ms;
  settle();
  while (clock_ms != end_ms) {
    clock_ms += LWIP_MIN(timers_sleep_ms(), end_ms - clock_ms);
    settle();
  }
}

/* --- frames made valid, so that mutations reach behind the checksums --- */

static void fix_transport(const u8_t *ip, u8_t *l4, size_t len)
{
  u8_t proto = ip[9];
  if ((proto == 1 || proto == 2) && len >= 4) {
    put16(l4 + 2, 0);
    put16(l4 + 2, reference_checksum(l4, len, 0));
  }
  if ((proto == 17 || proto == 136) && len >= 8) {
    put16(l4 + 6, 0);
    put16(l4 + 4, (u16_t)len);
    u32_t pseudo = proto + (u32_t)len;
    for (int i = 12; i < 20; i += 2) {
      pseudo += get16(ip + i);
    }
    u16_t sum = reference_checksum(l4, len, pseudo);
    put16(l4 + 6, sum == 0 ? 0xffff : sum);
  }
}

static void fix(u8_t *f, size_t len, u8_t flags)
{
  if ((flags & FRAME_ADDRESS) != 0 && len >= 14) {
    const u8_t macs[12] = {2, 0, 0, 0, (flags & FRAME_OTHER) != 0, 1, 2, 0, 0, 0, 0, 9};
    memcpy(f, macs, sizeof macs);
  }
  if ((flags & FRAME_FIX) != 0 && len >= 54 && get16(f + 12) == 0x86dd) {
    u8_t us[16];
    frame6_linklocal(us, (flags & FRAME_OTHER) != 0);
    frame6_fix(f + 14, len - 14, (flags & FRAME_TO_US) != 0 ? us : NULL);
  }
  if ((flags & FRAME_FIX) == 0 || len < 34 || get16(f + 12) != 0x0800) {
    return;
  }
  u8_t *ip = f + 14;
  size_t header_len = (size_t)(ip[0] & 15) * 4;
  if (header_len < 20 || header_len > len - 14) {
    return;
  }
  ip[0] = (u8_t)(0x40 | (ip[0] & 15));
  put16(ip + 2, (u16_t)(len - 14));
  if ((flags & FRAME_TO_US) != 0) {
    const u8_t us[4] = {10, 0, (flags & FRAME_OTHER) != 0, 1};
    memcpy(ip + 16, us, 4);
  }
  if ((get16(ip + 6) & 0x3fff) == 0) {
    fix_transport(ip, ip + header_len, len - 14 - header_len);
  }
  put16(ip + 10, 0);
  put16(ip + 10, reference_checksum(ip, header_len, 0));
}

/* --- the application --- */

static void on_udp(void *arg, struct udp_pcb *self, struct pbuf *p, const ip_addr_t *addr,
                   u16_t port)
{
  u32_t sum = 0;
  for (const struct pbuf *q = p; q != NULL; q = q->next) { /* read all of it */
    for (u16_t i = 0; i < q->len; i++) {
      sum += ((const u8_t *)q->payload)[i];
    }
  }
  bool does_echo = arg != NULL || sum % 3 == 0; /* arg: always */
  if (does_echo && echoes_left > 0) {
    echoes_left--;
    udp_sendto(self, p, addr, port);
  }
  pbuf_free(p);
}

static u8_t on_raw(void *arg, struct raw_pcb *self, struct pbuf *p, const ip_addr_t *addr)
{
  (void)arg;
  (void)self;
  (void)addr;
  if (pbuf_get_at(p, 8) % 2 == 0) { /* by its TTL: take it or not */
    return 0;
  }
  pbuf_free(p);
  return 1;
}

static ip_addr_t address(u8_t a, u8_t b, u8_t c, u8_t d)
{
  ip_addr_t addr;
  memset(&addr, 0, sizeof addr);
  IP_ADDR4(&addr, a, b, c, d);
  return addr;
}

static ip_addr_t address6(const char *text)
{
  ip_addr_t addr;
  memset(&addr, 0, sizeof addr);
  (void)ipaddr_aton(text, &addr);
  return addr;
}

/* --- IPv6: addresses, groups, a router --- */

static void set_addresses6(struct net *n)
{
#if LWIP_IPV6
  ip6_addr_t addr;
  memset(&addr, 0, sizeof addr);
  frame6_linklocal((u8_t *)addr.addr, n->number);
  netif_ip6_addr_set(&n->netif, 0, &addr);
  netif_ip6_addr_set_state(&n->netif, 0, IP6_ADDR_PREFERRED);
  memset(&addr, 0, sizeof addr);
  frame6_global((u8_t *)addr.addr, n->number, 1);
  netif_ip6_addr_set(&n->netif, 1, &addr);
  netif_ip6_addr_set_state(&n->netif, 1, IP6_ADDR_PREFERRED);
#else
  (void)n;
#endif
}

#if LWIP_IPV6

static void app_start6(void)
{
  ip_addr_t group = address6("ff02::1234");
  raw6 = raw_new_ip_type(IPADDR_TYPE_V6, IP6_NEXTH_ICMP6);
  FUZZ_ASSERT(raw6 != NULL);
  memset(member6, 0, sizeof member6);
  FUZZ_ASSERT(mcast_join(&member6[0], &nets[0].netif, &group, MCAST_MODE_EXCLUDE, NULL, 0) ==
              ERR_OK);
}

static void admin_advert(struct net *n)
{
#if LWIP_ROUTER_ADVERT
  if (advert.netif != NULL) {
    router_advert_stop(&advert);
    return;
  }
  ip_addr_t prefix = address6("2001:db8:99::");
  memset(&advert_prefix, 0, sizeof advert_prefix);
  advert_prefix.prefix = *ip_2_ip6(&prefix);
  advert_prefix.prefix_len = 64;
  advert_prefix.is_on_link = advert_prefix.is_autonomous = true;
  advert_prefix.valid_s = 3600;
  advert_prefix.preferred_s = 1800;
  router_advert_defaults(&advert);
  advert.lifetime_s = 1800;
  advert.prefixes = &advert_prefix;
  advert.num_prefixes = 1;
  (void)router_advert_start(&advert, &n->netif);
#else
  (void)n;
#endif
}

static void admin_group6(struct net *n)
{
  struct mcast_membership *m = &member6[1];
  ip_addr_t group = address6("ff02::1234");
  ip_addr_t source = address6("fe80::2");
  if (m->netif == NULL) {
    mcast_join(m, &n->netif, &group, MCAST_MODE_INCLUDE, &source, 1);
  } else {
    mcast_leave(m);
  }
}

static void admin_netif6(struct net *n, u8_t what)
{
  struct ip6_address_spec spec = {.valid_s = 600, .preferred_s = 300};
  ip_addr_t addr = address6("2001:db8:77::77");
  spec.addr = *ip_2_ip6(&addr);
  switch (what) {
  case 1:
    netif_ip6_addr_set_state(&n->netif, 1, IP6_ADDR_INVALID);
    break;
  case 2:
    set_addresses6(n);
    break;
  case 3: /* by way of DAD */
    (void)netif_ip6_address_add(&n->netif, &spec, NULL);
    break;
  case 4:
    nd6_restart_netif(&n->netif);
    break;
  case 5:
    nd6_cleanup_netif(&n->netif);
    break;
  case 6:
    admin_group6(n);
    break;
  default:
    admin_advert(n);
    break;
  }
}

static void app_end6(void)
{
  raw_remove(raw6);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(member6); i++) {
    mcast_leave(&member6[i]);
  }
#if LWIP_ROUTER_ADVERT
  router_advert_stop(&advert);
#endif
}

#else

static void app_start6(void)
{
  raw6 = NULL;
}

static void admin_netif6(struct net *n, u8_t what)
{
  (void)n;
  (void)what;
}

static void app_end6(void)
{
}

#endif

static void app_start(void)
{
  ip_addr_t peer = address(10, 0, 0, 2);
  ip_addr_t group = address(239, 1, 2, 3);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(pcb); i++) {
    pcb[i] = udp_new_ip_type(IPADDR_TYPE_ANY);
    FUZZ_ASSERT(pcb[i] != NULL && udp_bind(pcb[i], IP_ANY_TYPE, (u16_t)(7 + i)) == ERR_OK);
    udp_recv(pcb[i], on_udp, i == 0 ? &pcb[0] : NULL);
  }
  ip_set_option(pcb[2], SOF_BROADCAST);
  FUZZ_ASSERT(udp_connect(pcb[1], &peer, 9) == ERR_OK);
  raw = raw_new(IP_PROTO_ICMP);
  FUZZ_ASSERT(raw != NULL);
  raw_recv(raw, on_raw, NULL);
  app_start6();
  if (raw6 != NULL) {
    raw_recv(raw6, on_raw, NULL);
  }
  memset(member, 0, sizeof member);
  FUZZ_ASSERT(mcast_join(&member[0], &nets[0].netif, &group, MCAST_MODE_EXCLUDE, NULL, 0) ==
              ERR_OK);
}

static void app_send(u8_t where, u8_t len)
{
  static const u8_t host[8][4] = {{10, 0, 0, 2},  {10, 0, 1, 2},   {10, 0, 0, 251}, {8, 8, 8, 8},
                                  {239, 1, 2, 3}, {10, 0, 0, 255}, {127, 0, 0, 1},  {10, 0, 0, 1}};
  static const char *const host6[8] = {"fe80::2",      "2001:db8::2",    "2001:db8:1::2",
                                       "2001:db8:5::", "2001:db8:99::7", "ff02::1234",
                                       "::1",          "fe80::ff:fe00:1"};
  const u8_t *h = host[where & 7];
  ip_addr_t dst = address(h[0], h[1], h[2], h[3]);
  if (LWIP_IPV6 && len >= 128) {
    dst = address6(host6[where & 7]);
  }
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)(len * 16), PBUF_RAM);
  FUZZ_ASSERT(p != NULL);
  memset(p->payload, len, p->len);
  udp_sendto(pcb[where >> 3 & 3], p, &dst, (u16_t)(7 + (where >> 5)));
  pbuf_free(p);
}

static void admin_netif(struct net *n, u8_t what)
{
  ip4_addr_t extra, mask;
  IP4_ADDR(&extra, 10, 0, n->number, 200);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  switch (what & 7) {
  case 0:
    netif_set_down(&n->netif);
    break;
  case 1:
    netif_set_up(&n->netif);
    break;
  case 2:
    netif_set_link_down(&n->netif);
    break;
  case 3:
    netif_set_link_up(&n->netif);
    break;
  case 4:
    netif_add_ip4_address(&n->netif, &extra, &mask);
    break;
  case 5:
    netif_remove_ip4_address(&n->netif, &extra);
    break;
  case 6:
    netif_set_ipaddr(&n->netif, &extra);
    break;
  default:
    etharp_cleanup_netif(&n->netif);
    break;
  }
}

static void admin_group(u8_t what)
{
  struct mcast_membership *m = &member[what % 3];
  ip_addr_t group = address(239, 1, 2, (u8_t)(3 + (what >> 2 & 1)));
  ip_addr_t source[2] = {address(10, 0, 0, 2), address(10, 0, 0, 3)};
  enum mcast_mode mode = (what & 8) != 0 ? MCAST_MODE_INCLUDE : MCAST_MODE_EXCLUDE;
  if (m->netif == NULL) {
    mcast_join(m, &nets[what >> 4 & 1].netif, &group, mode, source, (u16_t)(what >> 5 & 1) + 1);
  } else if ((what & 16) != 0) {
    mcast_set_filter(m, mode, source, (u16_t)(what >> 5 & 3) % 3);
  } else {
    mcast_leave(m);
  }
}

/**
 * Bit 7: groups (bits 0-5); otherwise bit 3: which netif, bits 0-2: what to do to it, or bits 4-6
 * what to do to its IPv6.
 */
static void admin(u8_t what)
{
  if ((what & 0x80) != 0) {
    admin_group(what);
  } else if ((what & 0x70) != 0) {
    admin_netif6(&nets[what >> 3 & 1], what >> 4);
  } else {
    admin_netif(&nets[what >> 3 & 1], what);
  }
}

/* --- the dialogue --- */

static void ping(void)
{
  u8_t f[60] = {2,  0, 0, 0,  0,    1,    2, 0, 0,  0, 0, 2, 8,  0, /* Ethernet */
                69, 0, 0, 46, 0,    1,    0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, /* IP */
                8,  0, 0, 0,  0xf0, 0x0d, 0, 1};
  fix(f, sizeof f, FRAME_FIX);
  input(&nets[0], f, sizeof f, false);
  settle();
}

static void ping6(void)
{
  static const u8_t macs[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd};
  u8_t f[14 + 40 + 16] = {0};
  memcpy(f, macs, sizeof macs);
  f[14 + 6] = 58;
  f[14 + 7] = 64;
  f[14 + IP6_SRC] = 0xfe;
  f[14 + IP6_SRC + 1] = 0x80;
  f[14 + IP6_SRC + 15] = 2;
  f[14 + IP6_END] = 128;
  frame6_put16(f + 14 + IP6_END + 4, 0xf00d);
  fix(f, sizeof f, FRAME_FIX | FRAME_TO_US);
  input(&nets[0], f, sizeof f, false);
  settle();
}

static void start(struct stack **stack)
{
  struct stack_port port = {.now_ms = port_now_ms, .entropy = port_entropy};
  clock_ms = 0xffff0000U;
  random_state = 1;
  echoes_left = ECHOES_MAX;
  memset(nets, 0, sizeof nets);
  *stack = stack_new(&port);
  FUZZ_ASSERT(*stack != NULL);
  stack_enter(*stack);
  for (u8_t i = 0; i < NETS; i++) {
    ip4_addr_t addr, mask, gw;
    IP4_ADDR(&addr, 10, 0, i, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gw, 10, 0, i, 250);
    nets[i].number = i;
    FUZZ_ASSERT(netif_add(&nets[i].netif, &addr, &mask, &gw, &nets[i], driver_init,
                          ethernet_input) != NULL);
    netif_set_up(&nets[i].netif);
    set_addresses6(&nets[i]);
  }
  netif_set_default(&nets[0].netif);
  app_start();
  settle();
}

/** The stack must have stayed alive, and nothing may be left of it. */
static void finish(struct stack *stack)
{
  ip4_addr_t addr;
  IP4_ADDR(&addr, 10, 0, 0, 1);
  app_end6();
  raw_remove(raw);
  for (size_t i = 0; i < LWIP_ARRAYSIZE(pcb); i++) {
    udp_remove(pcb[i]);
  }
  for (size_t i = 0; i < LWIP_ARRAYSIZE(member); i++) {
    mcast_leave(&member[i]);
  }
  netif_set_ipaddr(&nets[0].netif, &addr);
  netif_set_link_up(&nets[0].netif);
  netif_set_up(&nets[0].netif);
  set_addresses6(&nets[0]);
  advance(10U * 60 * 1000);
  pongs = pongs6 = 0;
  ping();
  FUZZ_ASSERT(pongs == 1);
  if (LWIP_IPV6) {
    ping6();
    FUZZ_ASSERT(pongs6 == 1);
  }
  lwip_deinit();
  FUZZ_ASSERT(timers_count() == 0);
  FUZZ_ASSERT(memp_used_total() == 0);
  FUZZ_ASSERT(mem_used_bytes() == 0);
  stack_leave(NULL);
  stack_free(stack);
}

/** @return bytes of the operation */
static size_t operation(const u8_t *data, size_t size)
{
  u8_t op = data[0];
  u8_t first = size > 1 ? data[1] : 0;
  u8_t second = size > 2 ? data[2] : 0;
  switch (op & 7) {
  case 4:
    advance((u32_t)(first & 0x3f) << (first >> 6) * 4);
    return 2;
  case 5:
    app_send(first, second);
    return 3;
  case 6:
    admin(first);
    return 2;
  case 7:
    if (LWIP_IPV6 && (op & 8) != 0) {
      ping6();
    } else {
      ping();
    }
    return 1;
  default:
    break;
  }
  u8_t f[FRAME_LEN_MAX];
  size_t len = LWIP_MIN((size_t)(first << 8 | second), FRAME_LEN_MAX);
  len = LWIP_MIN(len, size > 3 ? size - 3 : 0);
  memcpy(f, data + LWIP_MIN(size, 3), len);
  fix(f, len, op);
  input(&nets[(op & FRAME_OTHER) != 0], f, len, (op & FRAME_CHAINED) != 0);
  return 3 + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct stack *stack;
  start(&stack);
  for (unsigned i = 0; size > 0 && i < OPERATIONS_MAX; i++) {
    size_t used = LWIP_MIN(operation(data, size), size);
    data += used;
    size -= used;
    settle();
  }
  finish(stack);
  return 0;
}
