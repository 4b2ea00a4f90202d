/**
 * @file
 * ICMP for IPv4: input, and echo (RFC 792, RFC 1122 3.2.2).
 *
 * Answered: echo. Passed on: errors (icmp4_error.c). Refused, whoever asks:
 *  - redirects: a host with one gateway per netif gains nothing by them, and anybody on the link
 *    could take over our traffic (RFC 1122 3.2.2.2 lets a host ignore them);
 *  - source quench (RFC 6633: deprecated, MUST be ignored);
 *  - timestamp, information and address mask requests: they tell strangers our clock and network
 *    (RFC 6918 deprecates the latter two; a host MAY answer timestamps).
 * Raw pcbs have seen every message before it comes here.
 *
 * Deviation: IP options of echo requests (record route, timestamp) are not put into the reply, as
 * RFC 1122 3.2.2.6 asks: no host in use sends them for anything but fingerprinting.
 */
#include <string.h>
#include "lwip/opt.h"
#include "lwip/icmp.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip4.h"
#include "lwip/prot/ip.h"
#include "lwip/stats.h"
#include "gossamer/drop.h"
#include "gossamer/pmtu.h"
#include "ip/any_echo.h"
#include "ip/icmp_echo.h"
#include "ip/icmp_limit.h"
#include "ip/v4/icmp4.h"
#include "ip/v4/icmp4_priv.h"
#include "link/netif_ip4.h"
#include "wire/bytes.h"

#if LWIP_IPV4 && LWIP_ICMP

/** Offset of the checksum in the header. */
#define ICMP4_CHECKSUM_AT 2

/** The codepoint without the ECN bits, which belong to the request's way (RFC 3168 5). */
#define ICMP4_TOS_DSCP 0xfcU

const ip4_addr_t *icmp4_answer_src(const struct ip_rx *rx)
{
  if (rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST)) {
    return netif_ip4_addr_toward(rx->input_netif, ip_2_ip4(&rx->src));
  }
  return ip_2_ip4(&rx->dst);
}

/** Does hardware put the checksum in? Only into what leaves in one packet. */
static bool icmp4_hardware_sums(const struct pbuf *p, const struct netif *netif,
                                const ip_addr_t *dst)
{
  LWIP_UNUSED_ARG(netif);
  if (CHECKSUM_GEN_ICMP && NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_ICMP)) {
    return false;
  }
  return (u32_t)p->tot_len + IP_HLEN <= pmtu_get(dst, netif->mtu != 0 ? netif->mtu : 0xffff);
}

void icmp4_output(struct pbuf *p, const struct ip_rx *rx, const ip4_addr_t *src, u8_t tos)
{
  const ip4_addr_t *dst = ip_2_ip4(&rx->src);
  struct netif *netif = ip4_route_src(src, dst);
  if (netif == NULL) {
    netif = rx->input_netif; /* whence it came, it may go back, route or not */
  }
  if (icmp4_hardware_sums(p, netif, &rx->src)) {
    icmp4_store16((u8_t *)p->payload + ICMP4_CHECKSUM_AT, 0); /* hardware wants it so */
  }
  ICMP_STATS_INC(icmp.xmit);
  MIB2_STATS_INC(mib2.icmpoutmsgs);
  if (ip4_output_if_src(p, src, dst, ICMP_TTL, tos, IP_PROTO_ICMP, netif) != ERR_OK) {
    MIB2_STATS_INC(mib2.icmpouterrors);
  }
}

/**
 * Turn "echo, any code" into "echo reply, code 0" with its checksum (RFC 1624 eqn. 3). Where that
 * gives 0, the reply may be all zeros, whose checksum is 0xffff: the one case that RFC 1624 leaves
 * out, because it cannot happen to an IP header.
 */
static void icmp4_echo_rewrite(struct pbuf *p)
{
  u8_t *header = (u8_t *)p->payload;
  u16_t checksum = bytes_get16(header + ICMP4_CHECKSUM_AT);
  u32_t sum = (u32_t)(u16_t)~checksum + (u16_t)~bytes_get16(header) + (ICMP_ER << 8);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  bytes_put16(header, ICMP_ER << 8);
  bytes_put16(header + ICMP4_CHECKSUM_AT, (u16_t)~sum);
  if (sum == 0xffff) {
    u16_t whole = inet_chksum_pbuf(p);
    memcpy(header + ICMP4_CHECKSUM_AT, &whole, sizeof whole);
  }
}

/** Echo to a group is answered where that is switched on (RFC 1122 3.2.2.6; smurf attacks), and
    where both sides have an address. */
static bool icmp4_may_answer_group(const struct ip_rx *rx)
{
  bool is_on = (rx->flags & IP_RX_BROADCAST) ? LWIP_BROADCAST_PING : LWIP_MULTICAST_PING;
  return is_on && !ip4_addr_isany(ip_2_ip4(&rx->src)) && !ip4_addr_isany(icmp4_answer_src(rx));
}

/** May this request be answered? */
static enum drop_reason icmp4_echo_check(const struct ip_rx *rx)
{
  if ((rx->flags & (IP_RX_BROADCAST | IP_RX_MULTICAST)) && !icmp4_may_answer_group(rx)) {
    return DROP_ICMP_GROUP_ECHO;
  }
  return icmp_limit_allows_echo() ? DROP_NONE : DROP_ICMP_RATE_LIMITED;
}

static void icmp4_echo_rx(struct pbuf *p, const struct ip_rx *rx)
{
  enum drop_reason bad = icmp4_echo_check(rx);
  if (bad) {
    drop(p, bad);
    return;
  }
  if (LWIP_ANY_ADDRESS && (rx->flags & IP_RX_ANY_ADDRESS) && any_echo_takes(p, rx)) {
    return;
  }
  p = icmp_echo_make_writable(p, IP_HLEN);
  if (p == NULL) {
    drop(NULL, DROP_ICMP_NO_MEMORY);
    return;
  }
  icmp4_echo_rewrite(p);
  MIB2_STATS_INC(mib2.icmpoutechoreps);
  icmp4_output(p, rx, icmp4_answer_src(rx), rx->tos & ICMP4_TOS_DSCP);
  pbuf_free(p);
}

/** MIB-II (RFC 1213) counts what came in by type. */
static void icmp4_count(u8_t type)
{
  switch (type) {
  case ICMP_ER:
    MIB2_STATS_INC(mib2.icmpinechoreps);
    break;
  case ICMP_DUR:
    MIB2_STATS_INC(mib2.icmpindestunreachs);
    break;
  case ICMP_SQ:
    MIB2_STATS_INC(mib2.icmpinsrcquenchs);
    break;
  case ICMP_RD:
    MIB2_STATS_INC(mib2.icmpinredirects);
    break;
  case ICMP_ECHO:
    MIB2_STATS_INC(mib2.icmpinechos);
    break;
  case ICMP_TE:
    MIB2_STATS_INC(mib2.icmpintimeexcds);
    break;
  case ICMP_PP:
    MIB2_STATS_INC(mib2.icmpinparmprobs);
    break;
  case ICMP_TS:
    MIB2_STATS_INC(mib2.icmpintimestamps);
    break;
  case ICMP_TSR:
    MIB2_STATS_INC(mib2.icmpintimestampreps);
    break;
  case ICMP_AM:
    MIB2_STATS_INC(mib2.icmpinaddrmasks);
    break;
  case ICMP_AMR:
    MIB2_STATS_INC(mib2.icmpinaddrmaskreps);
    break;
  default:
    break;
  }
}

/** Header and checksum. */
static enum drop_reason icmp4_check(struct icmp4_message *m, struct pbuf *p, const struct ip_rx *rx)
{
  u8_t bytes[ICMP4_HEADER_LEN];
  enum drop_reason bad = icmp4_parse(m, bytes, pbuf_copy_partial(p, bytes, sizeof bytes, 0));
  if (bad) {
    return bad;
  }
  bool is_verified = !CHECKSUM_CHECK_ICMP || (rx->flags & IP_RX_CHECKSUM_OK) ||
                     !NETIF_CHECKSUM_ENABLED(rx->input_netif, NETIF_CHECKSUM_CHECK_ICMP);
  if (!is_verified && inet_chksum_pbuf(p) != 0) {
    return DROP_ICMP_BAD_CHECKSUM;
  }
  return DROP_NONE;
}

/** What becomes of a well-formed message that is neither echo nor an error we pass on. */
static enum drop_reason icmp4_refusal(u8_t type)
{
  if (type == ICMP_ER) {
    return DROP_ICMP_UNWANTED_REPLY;
  }
  return icmp4_class_of(type) == ICMP4_OTHER ? DROP_ICMP_UNKNOWN_TYPE : DROP_ICMP_REFUSED;
}

void icmp4_rx(struct pbuf *p, const struct ip_rx *rx)
{
  struct icmp4_message m;
  ICMP_STATS_INC(icmp.recv);
  MIB2_STATS_INC(mib2.icmpinmsgs);
  enum drop_reason bad = icmp4_check(&m, p, rx);
  if (bad) {
    MIB2_STATS_INC(mib2.icmpinerrors);
    drop(p, bad);
    return;
  }
  icmp4_count(m.type);
  switch (m.type) {
  case ICMP_ECHO:
    icmp4_echo_rx(p, rx);
    break;
  case ICMP_DUR:
  case ICMP_TE:
  case ICMP_PP:
    icmp4_error_rx(p, rx, &m);
    break;
  default:
    drop(p, icmp4_refusal(m.type));
    break;
  }
}

void icmp_input(struct pbuf *p, struct netif *inp)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_UNUSED_ARG(inp);
  icmp4_rx(p, ip_current());
}

#endif /* LWIP_IPV4 && LWIP_ICMP */
