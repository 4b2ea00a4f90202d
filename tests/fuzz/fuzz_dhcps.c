/**
 * @file
 * Messages to a DHCP server in a live instance, time passing in between. No two clients ever have
 * one address, all are of the pool, what the server says is well-formed, and in the end all memory
 * is given back.
 *
 * The input is a list of operations; the low two bits of an operation's first byte say what it is:
 *
 *     0-2  a message: the other six bits say to whom and with which client's MAC address; then its
 *          type, what stands in ciaddr, in giaddr, flags (each one byte: struct fields below), the
 *          length of its options, and these
 *     3    time: one more byte, mantissa in the low 6 bits, exponent (times 4, of 2), in seconds
 * needs: ipv4
 */
#include "common.h"
#include "lwip/init.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "netif/ethernet.h"
#include "lwip/etharp.h"
#include "gossamer/dhcp_server.h"
#include "gossamer/stack.h"
#include "gossamer/timer.h"
#include "wire/bytes.h"
#include "wire/dhcp.h"

#define OPERATIONS_MAX 300
#define HEADERS_LEN    (14U + 20U + 8U)
#define POOL_FIRST     0x0a000064U /* 10.0.0.100 */
#define POOL_COUNT     6U
#define OUR            0x0a000001U

static u32_t clock_ms;
static struct netif netif;
static dhcps_t *server;

static u32_t port_now_ms(void *ctx)
{
  LWIP_UNUSED_ARG(ctx);
  return clock_ms;
}

static void port_entropy(void *ctx, void *buf, size_t len)
{
  LWIP_UNUSED_ARG(ctx);
  memset(buf, 7, len);
}

static bool is_of_pool(const ip4_addr_t *ip)
{
  return lwip_ntohl(ip->addr) - POOL_FIRST < POOL_COUNT;
}

/** The driver: what is sent is well-formed. */
static err_t linkoutput(struct netif *n, struct pbuf *p)
{
  u8_t f[1600];
  struct dhcp_message m;
  LWIP_UNUSED_ARG(n);
  u16_t len = pbuf_copy_partial(p, f, sizeof f, 0);
  if (bytes_get16(f + 12) != ETHTYPE_IP || f[23] != 17) {
    return ERR_OK;
  }
  FUZZ_ASSERT(len > HEADERS_LEN && dhcp_parse(&m, f + HEADERS_LEN, len - HEADERS_LEN) == DROP_NONE);
  FUZZ_ASSERT(m.op == DHCP_BOOTREPLY && len - HEADERS_LEN >= 300);
  FUZZ_ASSERT(m.type == DHCP_OFFER || m.type == DHCP_ACK || m.type == DHCP_NAK);
  bool is_lease = dhcp_option_get(&m, DHCP_OPTION_LEASE_TIME, NULL, 0) == 4;
  FUZZ_ASSERT(is_lease ? is_of_pool(&m.yiaddr) : m.yiaddr.addr == 0);
  FUZZ_ASSERT(m.type != DHCP_OFFER || is_lease);
  FUZZ_ASSERT(m.type != DHCP_NAK || !is_lease);
  return ERR_OK;
}

static err_t driver_init(struct netif *n)
{
  n->name[0] = 'f';
  n->output = etharp_output;
  n->linkoutput = linkoutput;
  n->mtu = 1500;
  n->hwaddr_len = 6;
  n->hwaddr[0] = 2;
  n->hwaddr[5] = 1;
  n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void settle(void)
{
  while (timers_sleep_ms() == 0) {
    timers_run();
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

/** Leases: of the pool, each once, no more than the server can know. */
static void check_leases(void)
{
  struct dhcps_pool a;
  struct dhcps_pool b;
  unsigned i = 0;
  for (; dhcps_lease_get(server, i, &a); i++) {
    FUZZ_ASSERT(is_of_pool(&a.ip) && a.lease_timer > 0);
    FUZZ_ASSERT(memchr(a.hostname, '\0', sizeof a.hostname) != NULL);
    for (unsigned k = 0; k < i; k++) {
      FUZZ_ASSERT(dhcps_lease_get(server, k, &b) && !ip4_addr_eq(&a.ip, &b.ip));
    }
  }
  FUZZ_ASSERT(i <= CONFIG_LWIP_DHCPS_MAX_STATION_NUM && i <= POOL_COUNT);
}

/** Some addresses of interest by a byte: none, of the pool and next to it, ours, a stranger's. */
static u32_t addr_of(u8_t what)
{
  if (what == 0) {
    return 0;
  }
  return what < 16 ? POOL_FIRST - 4 + what : what == 16 ? OUR : what * 0x01010101U;
}

static void input(const u8_t *f, size_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
  FUZZ_ASSERT(p != NULL && pbuf_take(p, f, (u16_t)len) == ERR_OK);
  if (netif.input(p, &netif) != ERR_OK) {
    pbuf_free(p);
  }
}

struct fields {
  u8_t whom;
  u8_t type;
  u8_t ciaddr;
  u8_t giaddr;
  u8_t flags; /* bits 7: broadcast flag; 6: to us alone; 5: options raw, without a type */
  u8_t len;
};

/** Ethernet and IP and UDP in front of a message; no UDP checksum. */
static void put_headers(u8_t *f, const struct fields *in, u32_t src, size_t len)
{
  bool is_to_us = (in->flags & 0x40) != 0;
  memset(f, is_to_us ? 0 : 0xff, 6);
  if (is_to_us) {
    memcpy(f, netif.hwaddr, 6);
  }
  f[6] = 2;
  f[11] = (u8_t)(0x80 | in->whom);
  bytes_put16(f + 12, ETHTYPE_IP);
  f[14] = 0x45;
  bytes_put16(f + 16, (u16_t)(len - 14));
  f[22] = 64;
  f[23] = 17;
  bytes_put32(f + 26, src);
  bytes_put32(f + 30, is_to_us ? OUR : 0xffffffffU);
  bytes_put16(f + 24, reference_checksum(f + 14, 20, 0));
  bytes_put16(f + 34, 68);
  bytes_put16(f + 36, 67);
  bytes_put16(f + 38, (u16_t)(len - 34));
}

/** @return bytes used */
static size_t message(const u8_t *data, size_t size)
{
  struct fields in;
  u8_t f[HEADERS_LEN + DHCP_FIXED_LEN + 4 + 255] = {0};
  if (size < sizeof in) {
    return size;
  }
  memcpy(&in, data, sizeof in);
  in.whom = (u8_t)(in.whom >> 2 & 0x0f);
  size_t option_len = LWIP_MIN((size_t)in.len, size - sizeof in);
  u8_t *b = f + HEADERS_LEN;
  const u8_t mac[6] = {2, 0, 0, 0, 0, (u8_t)(0x80 | in.whom)};
  struct dhcp_message m = {.op = DHCP_BOOTREQUEST, .htype = 1, .hlen = 6, .chaddr = mac};
  m.flags = (in.flags & 0x80) ? DHCP_FLAG_BROADCAST : 0;
  m.ciaddr.addr = lwip_htonl(addr_of(in.ciaddr));
  m.giaddr.addr = lwip_htonl(addr_of(in.giaddr));
  dhcp_build(b, &m, 6);
  size_t at = DHCP_FIXED_LEN;
  if ((in.flags & 0x20) == 0) {
    b[at++] = DHCP_OPTION_MESSAGE_TYPE;
    b[at++] = 1;
    b[at++] = in.type;
  }
  memcpy(b + at, data + sizeof in, option_len);
  at += option_len;
  put_headers(f, &in, addr_of(in.ciaddr), HEADERS_LEN + at);
  input(f, HEADERS_LEN + at);
  return sizeof in + option_len;
}

static size_t operation(const u8_t *data, size_t size)
{
  if ((data[0] & 3) != 3) {
    return message(data, size);
  }
  if (size > 1) {
    advance(((u32_t)(data[1] & 0x3f) << (data[1] >> 6) * 4) * 1000);
  }
  return 2;
}

static struct stack *start(void)
{
  struct stack_port port = {.now_ms = port_now_ms, .entropy = port_entropy};
  dhcps_lease_t pool = {.enable = true};
  ip4_addr_t addr, mask;
  clock_ms = 0xffff0000U;
  memset(&netif, 0, sizeof netif);
  struct stack *stack = stack_new(&port);
  FUZZ_ASSERT(stack != NULL);
  stack_enter(stack);
  addr.addr = lwip_htonl(OUR);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  FUZZ_ASSERT(netif_add(&netif, &addr, &mask, NULL, NULL, driver_init, ethernet_input) != NULL);
  netif_set_up(&netif);
  pool.start_ip.addr = lwip_htonl(POOL_FIRST);
  pool.end_ip.addr = lwip_htonl(POOL_FIRST + POOL_COUNT - 1);
  server = dhcps_new();
  FUZZ_ASSERT(dhcps_set_option_info(server, REQUESTED_IP_ADDRESS, &pool, sizeof pool) == ERR_OK);
  FUZZ_ASSERT(dhcps_start(server, &netif, addr) == ERR_OK);
  return stack;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct stack *stack = start();
  for (unsigned i = 0; size > 0 && i < OPERATIONS_MAX; i++) {
    size_t used = LWIP_MIN(operation(data, size), size);
    data += used;
    size -= used;
    settle();
    check_leases();
  }
  advance(8000U * 1000); /* all leases end */
  struct dhcps_pool is;
  FUZZ_ASSERT(!dhcps_lease_get(server, 0, &is));
  lwip_deinit();
  FUZZ_ASSERT(timers_count() == 0 && memp_used_total() == 0 && mem_used_bytes() == 0);
  stack_leave(NULL);
  stack_free(stack);
  return 0;
}
