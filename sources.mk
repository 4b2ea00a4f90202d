# Every source of the library, once. Makefile users: include this file with GOSSAMER_DIR set, compile
# $(GOSSAMER_SOURCES) with -I$(GOSSAMER_DIR)/include -I$(GOSSAMER_DIR)/src and your own lwipopts.h and
# arch/cc.h in the include path. CMakeLists.txt reads the same lists. One file per line.

GOSSAMER_DIR ?= .

GOSSAMER_BASE = \
  src/base/core.c \
  src/base/def.c \
  src/base/drop.c \
  src/base/err.c \
  src/base/fault.c \
  src/base/inet.c \
  src/base/inet_chksum.c \
  src/base/init_check.c \
  src/base/instance.c \
  src/base/ip4_addr.c \
  src/base/ip6_addr.c \
  src/base/ip_addr.c \
  src/base/lifetime.c \
  src/base/mem.c \
  src/base/mem_guard.c \
  src/base/mem_pool.c \
  src/base/memp.c \
  src/base/memp_check.c \
  src/base/memp_pools.c \
  src/base/pbuf.c \
  src/base/pbuf_copy.c \
  src/base/pbuf_find.c \
  src/base/random.c \
  src/base/rate_limit.c \
  src/base/siphash.c \
  src/base/stats.c \
  src/base/stats_display.c \
  src/base/timeouts.c \
  src/base/timer.c

GOSSAMER_WIRE = \
  src/wire/arp.c \
  src/wire/dns.c \
  src/wire/dhcp.c \
  src/wire/eth.c \
  src/wire/http.c \
  src/wire/icmp4.c \
  src/wire/icmp6.c \
  src/wire/igmp.c \
  src/wire/ip4.c \
  src/wire/ip6.c \
  src/wire/mcast.c \
  src/wire/mld6.c \
  src/wire/nd6.c \
  src/wire/nd6_ra.c \
  src/wire/tcp.c \
  src/wire/udp.c

GOSSAMER_LINK = \
  src/link/arp_cache.c \
  src/link/arp_input.c \
  src/link/arp_list.c \
  src/link/arp_output.c \
  src/link/arp_queue.c \
  src/link/arp_report.c \
  src/link/ethernet.c \
  src/link/garp.c \
  src/link/loopif.c \
  src/link/netif.c \
  src/link/netif_callback.c \
  src/link/netif_input.c \
  src/link/netif_ip4.c \
  src/link/netif_ip6.c \
  src/link/netif_loop.c

GOSSAMER_IP = \
  src/ip/any_echo.c \
  src/ip/dest_order.c \
  src/ip/frag.c \
  src/ip/icmp_echo.c \
  src/ip/icmp_limit.c \
  src/ip/ip.c \
  src/ip/mcast_filter.c \
  src/ip/mcast_group.c \
  src/ip/mcast_report.c \
  src/ip/mcast_timer.c \
  src/ip/multicast.c \
  src/ip/offload.c \
  src/ip/pmtu.c \
  src/ip/reass.c \
  src/ip/route.c \
  src/ip/unreach.c \
  src/ip/v4/icmp4.c \
  src/ip/v4/icmp4_error.c \
  src/ip/v4/icmp4_send.c \
  src/ip/v4/igmp.c \
  src/ip/v4/igmp_input.c \
  src/ip/v4/igmp_send.c \
  src/ip/v4/ip4_debug.c \
  src/ip/v4/ip4_forward.c \
  src/ip/v4/ip4_frag.c \
  src/ip/v4/ip4_id.c \
  src/ip/v4/ip4_input.c \
  src/ip/v4/ip4_output.c \
  src/ip/v4/ip4_reass.c \
  src/ip/v4/ip4_route.c \
  src/ip/v6/dad.c \
  src/ip/v6/ethip6.c \
  src/ip/v6/icmp6.c \
  src/ip/v6/icmp6_echo.c \
  src/ip/v6/icmp6_error.c \
  src/ip/v6/icmp6_send.c \
  src/ip/v6/ip6_addrs.c \
  src/ip/v6/ip6_bound.c \
  src/ip/v6/ip6_config.c \
  src/ip/v6/ip6_debug.c \
  src/ip/v6/ip6_ext.c \
  src/ip/v6/ip6_forward.c \
  src/ip/v6/ip6_frag.c \
  src/ip/v6/ip6_input.c \
  src/ip/v6/ip6_output.c \
  src/ip/v6/ip6_policy.c \
  src/ip/v6/ip6_reass.c \
  src/ip/v6/ip6_route.c \
  src/ip/v6/ip6_select.c \
  src/ip/v6/mld6.c \
  src/ip/v6/mld6_input.c \
  src/ip/v6/mld6_periodic.c \
  src/ip/v6/mld6_send.c \
  src/ip/v6/nd6_cache.c \
  src/ip/v6/nd6_dns.c \
  src/ip/v6/nd6_event.c \
  src/ip/v6/nd6_input.c \
  src/ip/v6/nd6_interface.c \
  src/ip/v6/nd6_next_hop.c \
  src/ip/v6/nd6_nud.c \
  src/ip/v6/nd6_prefix.c \
  src/ip/v6/nd6_proxy.c \
  src/ip/v6/nd6_queue.c \
  src/ip/v6/nd6_ra_input.c \
  src/ip/v6/nd6_redirect.c \
  src/ip/v6/nd6_router.c \
  src/ip/v6/nd6_router_select.c \
  src/ip/v6/nd6_rs.c \
  src/ip/v6/nd6_send.c \
  src/ip/v6/ra_build.c \
  src/ip/v6/ra_send.c \
  src/ip/v6/slaac.c \
  src/ip/v6/stable_iid.c \
  src/ip/v6/temp_addr.c

GOSSAMER_TRANSPORT = \
  src/transport/any_address.c \
  src/transport/pcb_addr.c \
  src/transport/raw/raw_input.c \
  src/transport/raw/raw_output.c \
  src/transport/raw/raw_pcb.c \
  src/transport/tcp/tcp_ack.c \
  src/transport/tcp/tcp_any.c \
  src/transport/tcp/tcp_api.c \
  src/transport/tcp/tcp_autotune.c \
  src/transport/tcp/tcp_cc.c \
  src/transport/tcp/tcp_close.c \
  src/transport/tcp/tcp_cookie.c \
  src/transport/tcp/tcp_cubic.c \
  src/transport/tcp/tcp_demux.c \
  src/transport/tcp/tcp_ecn.c \
  src/transport/tcp/tcp_error.c \
  src/transport/tcp/tcp_event.c \
  src/transport/tcp/tcp_hash.c \
  src/transport/tcp/tcp_hystart.c \
  src/transport/tcp/tcp_info.c \
  src/transport/tcp/tcp_input.c \
  src/transport/tcp/tcp_isn.c \
  src/transport/tcp/tcp_limits.c \
  src/transport/tcp/tcp_listen.c \
  src/transport/tcp/tcp_newreno.c \
  src/transport/tcp/tcp_nosack.c \
  src/transport/tcp/tcp_ooo.c \
  src/transport/tcp/tcp_output.c \
  src/transport/tcp/tcp_pcb.c \
  src/transport/tcp/tcp_pmtu.c \
  src/transport/tcp/tcp_prr.c \
  src/transport/tcp/tcp_rack.c \
  src/transport/tcp/tcp_rcv.c \
  src/transport/tcp/tcp_recovery.c \
  src/transport/tcp/tcp_reject.c \
  src/transport/tcp/tcp_rtt.c \
  src/transport/tcp/tcp_sack.c \
  src/transport/tcp/tcp_segment.c \
  src/transport/tcp/tcp_snd.c \
  src/transport/tcp/tcp_state.c \
  src/transport/tcp/tcp_syncache.c \
  src/transport/tcp/tcp_timer.c \
  src/transport/tcp/tcp_timewait.c \
  src/transport/tcp/tcp_undo.c \
  src/transport/tcp/tcp_urgent.c \
  src/transport/tcp/tcp_user_timeout.c \
  src/transport/tcp/tcp_withsack.c \
  src/transport/tcp/tcp_xmit.c \
  src/transport/udp/udp_any.c \
  src/transport/udp/udp_bind.c \
  src/transport/udp/udp_cursor.c \
  src/transport/udp/udp_debug.c \
  src/transport/udp/udp_deliver_all.c \
  src/transport/udp/udp_demux.c \
  src/transport/udp/udp_error.c \
  src/transport/udp/udp_hash.c \
  src/transport/udp/udp_input.c \
  src/transport/udp/udp_list.c \
  src/transport/udp/udp_output.c \
  src/transport/udp/udp_pcb.c \
  src/transport/udp/udp_port.c

# What configures a host.
GOSSAMER_CONTROL = \
  src/control/acd.c \
  src/control/autoip.c \
  src/control/dhcp.c \
  src/control/dhcp_input.c \
  src/control/dhcp_lease.c \
  src/control/dhcp_send.c \
  src/control/dhcp_store.c \
  src/control/dhcp_vendor.c \
  src/control/dns.c \
  src/control/dns_answer.c \
  src/control/dns_api.c \
  src/control/dns_ask.c \
  src/control/dns_cache.c \
  src/control/dns_local.c \
  src/control/dns_servers.c \
  src/control/dns_tcp.c \
  src/control/resolver.c

GOSSAMER_API = \
  src/api/altcp.c \
  src/api/altcp_layer.c \
  src/api/altcp_tcp.c \
  src/api/conn.c \
  src/api/conn_addr.c \
  src/api/conn_datagram.c \
  src/api/conn_group.c \
  src/api/conn_raw.c \
  src/api/conn_tcp.c \
  src/api/conn_udp.c \
  src/api/conn_urgent.c \
  src/api/if_api.c \
  src/api/lookup.c \
  src/api/netbuf.c \
  src/api/netconn.c \
  src/api/netdb.c \
  src/api/netdb_host.c \
  src/api/netdb_name.c \
  src/api/netdb_service.c \
  src/api/netifapi.c \
  src/api/sock.c \
  src/api/sock_addr.c \
  src/api/sock_cmsg.c \
  src/api/sock_ctl.c \
  src/api/sock_opt.c \
  src/api/sock_opt_ip.c \
  src/api/sock_opt_ip6.c \
  src/api/sock_opt_mcast.c \
  src/api/sock_opt_raw.c \
  src/api/sock_opt_socket.c \
  src/api/sock_opt_tcp.c \
  src/api/sock_poll.c \
  src/api/sock_recv.c \
  src/api/sock_send.c \
  src/api/sock_table.c \
  src/api/sock_urgent.c \
  src/api/tcpip.c \
  src/api/wait.c

GOSSAMER_APPS = \
  src/apps/dhcpserver/dhcps.c \
  src/apps/dhcpserver/dhcps_pool.c \
  src/apps/dhcpserver/dhcps_reply.c \
  src/apps/dhcpserver/dhcps_rx.c \
  src/apps/http/fs.c \
  src/apps/http/fs_image.c \
  src/apps/http/http_cgi.c \
  src/apps/http/http_conn.c \
  src/apps/http/http_defaults.c \
  src/apps/http/http_file.c \
  src/apps/http/http_post.c \
  src/apps/http/http_request.c \
  src/apps/http/http_send.c \
  src/apps/http/http_ssi.c \
  src/apps/http/httpd.c \
  src/apps/lwiperf.c

GOSSAMER_REGISTRY = \
  src/stack.c

# The Linux port, for programs that run there (not part of GOSSAMER_SOURCES).
GOSSAMER_PORT_UNIX = \
  ports/unix/capture.c \
  ports/unix/clock.c \
  ports/unix/entropy.c \
  ports/unix/ethdev.c \
  ports/unix/ethdev_fd.c \
  ports/unix/ethdev_thread.c \
  ports/unix/impair.c \
  ports/unix/loop.c \
  ports/unix/pcapng.c \
  ports/unix/sys_arch.c \
  ports/unix/tap.c \
  ports/unix/unixif.c \
  ports/unix/vnet.c

GOSSAMER_FILES = $(GOSSAMER_BASE) $(GOSSAMER_WIRE) $(GOSSAMER_LINK) $(GOSSAMER_IP) \
  $(GOSSAMER_TRANSPORT) $(GOSSAMER_CONTROL) $(GOSSAMER_API) $(GOSSAMER_APPS) \
  $(GOSSAMER_REGISTRY)

GOSSAMER_SOURCES = $(addprefix $(GOSSAMER_DIR)/,$(GOSSAMER_FILES))
