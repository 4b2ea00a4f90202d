/**
 * @file
 * Names every public function of these floors, so that a build in which one is missing does not
 * link. What an option takes away from the API is named under that option only.
 */
#include <stdio.h>
#include <string.h>
#include "lwip/acd.h"
#include "lwip/altcp.h"
#include "lwip/api.h"
#include "lwip/altcp_tcp.h"
#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"
#include "lwip/apps/lwiperf.h"
#include "lwip/autoip.h"
#include "lwip/def.h"
#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/err.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/icmp.h"
#include "lwip/igmp.h"
#include "lwip/inet.h"
#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/icmp6.h"
#include "lwip/ip4_frag.h"
#include "lwip/ip6_frag.h"
#include "lwip/if_api.h"
#include "lwip/mem.h"
#include "lwip/netdb.h"
#include "lwip/mld6.h"
#include "lwip/memp.h"
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/netifapi.h"
#include "lwip/pbuf.h"
#include "lwip/raw.h"
#include "lwip/snmp.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "lwip/priv/altcp_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcpip_priv.h"
#include "netif/ethernet.h"
#include "gossamer/addr_select.h"
#include "gossamer/capture.h"
#include "gossamer/dhcp.h"
#include "gossamer/dhcp_server.h"
#include "gossamer/drop.h"
#include "gossamer/ip6_config.h"
#include "gossamer/multicast.h"
#include "gossamer/netif_addr.h"
#include "gossamer/offload.h"
#include "gossamer/pmtu.h"
#include "gossamer/raw_err.h"
#include "gossamer/resolver.h"
#include "gossamer/route.h"
#include "gossamer/stack.h"
#include "gossamer/tcp_cc.h"
#include "gossamer/tcp_info.h"
#include "gossamer/tcp_linger.h"
#include "gossamer/tcp_urgent.h"
#include "gossamer/tcp_user_timeout.h"
#include "gossamer/timer.h"
#include "gossamer/udp_err.h"
#include "option_hooks.h"

typedef void (*any_fn)(void);

struct named {
  const char *name;
  any_fn fn;
};

/* clang-format off */
#define F(name) {#name, (any_fn)name}

static const struct named functions[] = {
  F(lwip_init), F(lwip_deinit), F(stack_now), F(stack_entropy), F(stack_at_exit),
#if LWIP_MULTI_INSTANCE
  F(stack_new), F(stack_free), F(stack_enter), F(stack_leave), F(stack_current),
#endif
  F(timer_set), F(timer_set_sooner), F(timer_cancel), F(timer_remaining_ms),
  F(drop), F(drop_count), F(drop_name), F(drop_text),

#if LWIP_ACD
  F(acd_add), F(acd_remove), F(acd_start), F(acd_stop), F(acd_arp_reply), F(acd_tmr),
  F(acd_network_changed_link_down), F(acd_netif_ip_addr_changed),
#endif
#if LWIP_AUTOIP
  F(autoip_set_struct), F(autoip_remove_struct), F(autoip_start), F(autoip_stop),
  F(autoip_network_changed_link_up), F(autoip_network_changed_link_down),
  F(autoip_supplied_address), F(autoip_accept_packet),
#endif
#if LWIP_DHCP
  F(dhcp_set_struct), F(dhcp_cleanup), F(dhcp_start), F(dhcp_renew), F(dhcp_release), F(dhcp_stop),
  F(dhcp_release_and_stop), F(dhcp_inform), F(dhcp_network_changed_link_up),
  F(dhcp_supplied_address), F(dhcp_coarse_tmr), F(dhcp_fine_tmr),
  F(dhcp_set_vendor_class_identifier), F(dhcp_get_vendor_specific_information),
  F(dhcp_free_vendor_class_identifier), F(dhcp_lease_get), F(dhcp_set_storage),
#if ESP_DHCP
  F(dhcp_set_cb),
#endif
#endif

#if LWIP_TCP
  F(tcp_new), F(tcp_new_ip_type), F(tcp_arg), F(tcp_poll), F(tcp_setprio), F(tcp_recved),
  F(tcp_bind), F(tcp_bind_netif), F(tcp_connect), F(tcp_listen_with_backlog_and_err),
  F(tcp_listen_with_backlog), F(tcp_abort), F(tcp_close), F(tcp_close_ext), F(tcp_shutdown),
  F(tcp_write), F(tcp_output), F(tcp_tcp_get_tcp_addrinfo), F(tcp_debug_state_str),
  F(tcp_input), F(tcp_abandon), F(tcp_rst), F(tcp_next_iss),
  F(tcp_set_congestion_control), F(tcp_get_congestion_control), F(tcp_congestion_control_name),
  F(tcp_close_linger),
#if LWIP_TCP_USER_TIMEOUT
  F(tcp_set_user_timeout), F(tcp_get_user_timeout), F(tcp_advertise_user_timeout),
  F(tcp_get_peer_user_timeout),
#endif
#if LWIP_TCP_URGENT
  F(tcp_urgent), F(tcp_urgent_ahead), F(tcp_urgent_send),
#endif
#if LWIP_CALLBACK_API
  F(tcp_recv), F(tcp_sent), F(tcp_err), F(tcp_accept),
  F(lwiperf_start_tcp_server_default), F(lwiperf_start_tcp_client_default), F(lwiperf_abort),
  F(httpd_init), F(httpd_start), F(httpd_stop), F(httpd_connections), F(http_set_cgi_handlers),
  F(http_set_ssi_handler), F(fs_open), F(fs_close), F(fs_read), F(fs_read_async),
  F(fs_is_file_ready), F(fs_bytes_left), F(fs_image),
#if LWIP_HTTPD_SUPPORT_POST && LWIP_HTTPD_POST_MANUAL_WND
  F(httpd_post_data_recved),
#endif
#endif
#if ESP_DHCPS
  F(dhcps_new), F(dhcps_delete), F(dhcps_start), F(dhcps_stop), F(dhcps_option_info),
  F(dhcps_set_option_info), F(dhcp_search_ip_on_mac), F(dhcps_get_hostname_on_mac),
  F(dhcps_dns_setserver), F(dhcps_dns_setserver_by_type), F(dhcps_dns_getserver),
  F(dhcps_dns_getserver_by_type), F(dhcps_set_new_lease_cb), F(dhcps_lease_get),
  F(dhcps_search_ip_on_hostname),
#endif
#if TCP_LISTEN_BACKLOG
  F(tcp_backlog_delayed), F(tcp_backlog_accepted),
#endif
#if LWIP_TCP
  F(tcp_get_connection_info), F(tcp_list_connections),
#endif
  F(netif_offload_declare), F(offload_received), F(offload_describe),
#if LWIP_ALTCP
  F(altcp_new), F(altcp_new_ip6), F(altcp_new_ip_type), F(altcp_arg), F(altcp_accept),
  F(altcp_recv), F(altcp_sent), F(altcp_poll), F(altcp_err), F(altcp_recved), F(altcp_bind),
  F(altcp_connect), F(altcp_listen_with_backlog_and_err), F(altcp_abort), F(altcp_close),
  F(altcp_shutdown), F(altcp_write), F(altcp_output), F(altcp_mss), F(altcp_sndbuf),
  F(altcp_sndqueuelen), F(altcp_nagle_disable), F(altcp_nagle_enable), F(altcp_nagle_disabled),
  F(altcp_setprio), F(altcp_get_tcp_addrinfo), F(altcp_get_ip), F(altcp_get_port),
  F(altcp_tcp_new_ip_type), F(altcp_tcp_alloc), F(altcp_tcp_wrap), F(altcp_alloc), F(altcp_free),
  F(altcp_default_set_poll), F(altcp_default_recved), F(altcp_default_bind),
  F(altcp_default_shutdown), F(altcp_default_write), F(altcp_default_output),
  F(altcp_default_mss), F(altcp_default_sndbuf), F(altcp_default_sndqueuelen),
  F(altcp_default_nagle_disable), F(altcp_default_nagle_enable), F(altcp_default_nagle_disabled),
  F(altcp_default_setprio), F(altcp_default_dealloc), F(altcp_default_get_tcp_addrinfo),
  F(altcp_default_get_ip), F(altcp_default_get_port),
#if LWIP_TCP_KEEPALIVE
  F(altcp_keepalive_disable), F(altcp_keepalive_enable), F(altcp_default_keepalive_disable),
  F(altcp_default_keepalive_enable),
#endif
#ifdef LWIP_DEBUG
  F(altcp_dbg_get_tcp_state), F(altcp_default_dbg_get_tcp_state),
#endif
#endif
#if LWIP_TCP_PCB_NUM_EXT_ARGS
  F(tcp_ext_arg_alloc_id), F(tcp_ext_arg_set_callbacks), F(tcp_ext_arg_set), F(tcp_ext_arg_get),
#endif
#endif

#if LWIP_DNS
  F(dns_gethostbyname), F(dns_gethostbyname_addrtype), F(dns_clear_cache), F(dns_init), F(dns_tmr),
  F(dns_setserver), F(dns_getserver), F(dns_clear_servers), F(dns_setserver_with_netif),
  F(dns_setserver_callback), F(resolve_start), F(resolve_cancel), F(resolve_done),
  F(resolver_add), F(resolver_remove),
#if DNS_LOCAL_HOSTLIST
  F(dns_local_iterate), F(dns_local_lookup),
#if DNS_LOCAL_HOSTLIST_IS_DYNAMIC
  F(dns_local_removehost), F(dns_local_addhost),
#endif
#endif
#if LWIP_NETCONN || LWIP_SOCKET
  F(netconn_gethostbyname_addrtype),
#endif
#if LWIP_SOCKET
  F(lwip_getaddrinfo), F(lwip_freeaddrinfo), F(lwip_getnameinfo), F(lwip_gai_strerror),
  F(lwip_gethostbyname), F(lwip_gethostbyname_r), F(lwip_h_errno),
#endif
#endif

  F(lwip_itoa), F(lwip_strnicmp), F(lwip_stricmp), F(lwip_strnstr), F(lwip_strnistr),
  F(lwip_memcmp_consttime), F(err_to_errno), F(lwip_strerr),

  F(sys_init), F(sys_now), F(sys_jiffies),
#if SYS_LIGHTWEIGHT_PROT
  F(sys_arch_protect), F(sys_arch_unprotect),
#endif
#if !NO_SYS
  F(tcpip_init), F(tcpip_inpkt), F(tcpip_input), F(tcpip_callback), F(tcpip_try_callback),
  F(tcpip_callback_wait), F(tcpip_callbackmsg_new), F(tcpip_callbackmsg_delete),
  F(tcpip_callbackmsg_trycallback), F(tcpip_callbackmsg_trycallback_fromisr),
  F(pbuf_free_callback), F(mem_free_callback), F(tcpip_thread_poll_one), F(tcpip_core_lock),
  F(tcpip_core_unlock), F(tcpip_core_is_held), F(tcpip_core_is_mine), F(tcpip_api_call),
  F(tcpip_send_msg_wait_sem), F(tcpip_thread_is_current), F(lwip_if_indextoname),
  F(lwip_if_nametoindex),
#if LWIP_TCPIP_TIMEOUT && LWIP_TIMERS
  F(tcpip_timeout), F(tcpip_untimeout),
#endif
#if LWIP_NETIF_API
  F(netifapi_netif_add), F(netifapi_netif_common), F(netifapi_netif_name_to_index),
  F(netifapi_netif_index_to_name),
#if LWIP_IPV4
  F(netifapi_netif_set_addr),
#if LWIP_ARP
  F(netifapi_arp_add), F(netifapi_arp_remove),
#endif
#endif
#endif
  F(sys_mutex_new), F(sys_mutex_lock), F(sys_mutex_unlock), F(sys_mutex_free),
  F(sys_sem_new), F(sys_sem_signal), F(sys_arch_sem_wait),
  F(sys_sem_free), F(sys_msleep), F(sys_mbox_new),
  F(sys_mbox_post), F(sys_mbox_trypost), F(sys_mbox_trypost_fromisr), F(sys_arch_mbox_fetch),
  F(sys_arch_mbox_tryfetch), F(sys_mbox_free),
  F(sys_thread_new),
#if ESP_LWIP
  F(sys_sem_signal_isr),
#endif
#endif

#if LWIP_TIMERS
  F(sys_timeouts_init), F(sys_timeouts_deinit), F(sys_untimeout), F(sys_restart_timeouts),
  F(sys_check_timeouts), F(sys_timeouts_sleeptime),
#if LWIP_DEBUG_TIMERNAMES
  F(sys_timeout_debug),
#else
  F(sys_timeout),
#endif
#endif

  F(mem_init), F(mem_trim), F(mem_malloc), F(mem_calloc), F(mem_free), F(memp_init), F(memp_free),
#if MEMP_OVERFLOW_CHECK
  F(memp_malloc_fn),
#else
  F(memp_malloc),
#endif
#if LWIP_TESTMODE
  F(mem_used_bytes), F(memp_used_total),
#endif

  F(pbuf_alloc), F(pbuf_alloc_reference), F(pbuf_realloc), F(pbuf_header), F(pbuf_header_force),
  F(pbuf_add_header), F(pbuf_add_header_force), F(pbuf_remove_header), F(pbuf_free_header),
  F(pbuf_ref), F(pbuf_free), F(pbuf_clen), F(pbuf_cat), F(pbuf_chain), F(pbuf_dechain),
  F(pbuf_copy), F(pbuf_copy_partial_pbuf), F(pbuf_copy_partial), F(pbuf_get_contiguous),
  F(pbuf_take), F(pbuf_take_at), F(pbuf_skip), F(pbuf_coalesce), F(pbuf_clone), F(pbuf_get_at),
  F(pbuf_try_get_at), F(pbuf_put_at), F(pbuf_memcmp), F(pbuf_memfind), F(pbuf_strstr),
#if LWIP_SUPPORT_CUSTOM_PBUF
  F(pbuf_alloced_custom),
#endif
#if LWIP_CHECKSUM_ON_COPY
  F(pbuf_fill_chksum),
#endif

#if LWIP_STATS
  F(stats_init),
#endif
#if LWIP_STATS_DISPLAY
  F(stats_display), F(stats_display_proto), F(stats_display_igmp), F(stats_display_mem),
  F(stats_display_memp), F(stats_display_sys),
#endif

  F(ipaddr_ntoa), F(ipaddr_ntoa_r), F(ipaddr_aton), F(ip6addr_ntoa), F(ip6addr_ntoa_r),
  F(ip6addr_aton), F(ip4addr_ntoa), F(ip4addr_ntoa_r), F(ip4addr_aton), F(ipaddr_addr),
  F(ip4_addr_netmask_valid),
#if LWIP_IPV4
  F(ip4_addr_isbroadcast_u32),
#endif

  F(inet_chksum), F(inet_chksum_pbuf), F(inet_chksum_pseudo), F(inet_chksum_pseudo_partial),
  F(ip6_chksum_pseudo), F(ip6_chksum_pseudo_partial), F(ip_chksum_pseudo),
  F(ip_chksum_pseudo_partial), F(lwip_standard_chksum), F(lwip_chksum_copy),

  F(netif_init), F(netif_add), F(netif_add_noaddr), F(netif_remove), F(netif_find),
  F(netif_set_default), F(netif_set_up), F(netif_set_down), F(netif_set_link_up),
  F(netif_set_link_down), F(netif_input), F(netif_name_to_index), F(netif_index_to_name),
  F(netif_get_by_index),
#if LWIP_IPV4
  F(netif_set_addr), F(netif_set_ipaddr), F(netif_set_netmask), F(netif_set_gw),
  F(netif_add_ip4_address), F(netif_remove_ip4_address),
#endif
#if LWIP_NUM_NETIF_CLIENT_DATA > 0
  F(netif_alloc_client_data_id),
#endif
#if LWIP_NETIF_STATUS_CALLBACK
  F(netif_set_status_callback),
#endif
#if LWIP_NETIF_REMOVE_CALLBACK
  F(netif_set_remove_callback),
#endif
#if LWIP_NETIF_LINK_CALLBACK
  F(netif_set_link_callback),
#endif
#if LWIP_NETIF_EXT_STATUS_CALLBACK
  F(netif_add_ext_callback), F(netif_remove_ext_callback), F(netif_invoke_ext_callback),
#endif
#if ENABLE_LOOPBACK
  F(netif_loop_output), F(netif_poll), F(netif_poll_all),
#endif
#if LWIP_TESTMODE && LWIP_HAVE_LOOPIF
  F(netif_get_loopif),
#endif
#if ESP_GRATUITOUS_ARP
  F(netif_set_garp_flag),
#endif

#if LWIP_ETHERNET
  F(ethernet_input), F(ethernet_output),
#endif
#if LWIP_ARP
  F(etharp_tmr), F(etharp_find_addr), F(etharp_get_entry), F(etharp_output), F(etharp_query),
  F(etharp_request), F(etharp_cleanup_netif), F(etharp_input),
#if ETHARP_SUPPORT_STATIC_ENTRIES
  F(etharp_add_static_entry), F(etharp_remove_static_entry),
#endif
#if ESP_GRATUITOUS_ARP
  F(garp_tmr),
#endif
#endif

#if LWIP_IPV4
  F(ip4_route), F(ip4_input), F(ip4_output), F(ip4_output_if), F(ip4_output_if_src),
#if LWIP_IPV4_SRC_ROUTING
  F(ip4_route_src),
#endif
#if LWIP_NETIF_USE_HINTS
  F(ip4_output_hinted),
#endif
#if IP_OPTIONS_SEND
  F(ip4_output_if_opt), F(ip4_output_if_opt_src),
#endif
#if LWIP_MULTICAST_TX_OPTIONS
  F(ip4_set_default_multicast_netif),
#endif
#if IP_DEBUG
  F(ip4_debug_print),
#endif
#if IP_REASSEMBLY
  F(ip_reass_tmr), F(ip4_reass),
#endif
#if IP_FRAG
  F(ip4_frag),
#endif
#if LWIP_ICMP
  F(icmp_input), F(icmp_dest_unreach), F(icmp_time_exceeded),
#endif
#if LWIP_IGMP
  F(igmp_init), F(igmp_start), F(igmp_stop), F(igmp_report_groups), F(igmp_lookfor_group),
  F(igmp_input), F(igmp_joingroup), F(igmp_joingroup_netif), F(igmp_leavegroup),
  F(igmp_leavegroup_netif), F(igmp_tmr),
#endif
#endif

  F(mcast_join), F(mcast_leave), F(mcast_set_filter), F(mcast_add_source), F(mcast_remove_source),
  F(mcast_block_source), F(mcast_unblock_source), F(mcast_accepts),
#if LWIP_IPV6 && LWIP_IPV6_MLD
  F(mld6_stop), F(mld6_report_groups), F(mld6_lookfor_group), F(mld6_input), F(mld6_joingroup),
  F(mld6_joingroup_netif), F(mld6_leavegroup), F(mld6_leavegroup_netif), F(mld6_tmr),
#endif

#if LWIP_IPV6 && LWIP_ND6
  F(nd6_tmr), F(nd6_input), F(nd6_clear_destination_cache), F(nd6_find_route),
  F(nd6_get_next_hop_addr_or_queue), F(nd6_get_destination_mtu), F(nd6_cleanup_netif),
  F(nd6_restart_netif), F(neighbor_get), F(neighbor_add_static), F(neighbor_remove_static),
  F(neighbor_publish), F(neighbor_unpublish), F(neighbor_announce),
#if LWIP_ND6_TCP_REACHABILITY_HINTS
  F(nd6_reachability_hint),
#endif
#if LWIP_ND6_SUPPORT_STATIC_ENTRIES
  F(nd6_add_static_neighbor), F(nd6_remove_static_neighbor),
#endif
#endif
#if LWIP_IPV6 && LWIP_ETHERNET
  F(ethip6_output),
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
  F(nd6_adjust_mld_membership),
#endif
#if LWIP_IPV6 && ESP_IPV6
  F(nd6_set_cb),
#endif

  F(addr_choices_sort), F(ip6_policy_set),
#if LWIP_IPV6
  F(netif_ip6_addr_set), F(netif_ip6_addr_set_parts), F(netif_ip6_addr_set_state),
  F(netif_get_ip6_addr_match), F(netif_create_ip6_linklocal_address), F(netif_add_ip6_address),
  F(netif_ip6_valid_life), F(netif_ip6_pref_life), F(netif_ip6_set_valid_life),
  F(netif_ip6_set_pref_life), F(netif_ip6_address_add), F(netif_ip6_address_remove),
  F(netif_ip6_address_get), F(netif_ip6_linklocal_create), F(netif_ip6_iid_set),
  F(netif_ip6_temporary_set), F(netif_ip6_optimistic_set), F(netif_ip6_tunnel_set),
  F(ip6_stable_secret_set), F(ip6_select_source_preferring),
#endif

#if LWIP_IPV6
  F(ip6_route), F(ip6_select_source_address), F(ip6_input), F(ip6_output), F(ip6_output_if),
  F(ip6_output_if_src), F(ip6_options_add_hbh_ra),
#if LWIP_NETIF_USE_HINTS
  F(ip6_output_hinted),
#endif
#if IP6_DEBUG
  F(ip6_debug_print),
#endif
  F(ip6_reass), F(ip6_reass_tmr),
#if LWIP_IPV6_FRAG
  F(ip6_frag),
#endif
#if LWIP_ICMP6
  F(icmp6_input), F(icmp6_dest_unreach), F(icmp6_packet_too_big), F(icmp6_time_exceeded),
  F(icmp6_time_exceeded_with_addrs), F(icmp6_param_problem),
#endif
#endif
  F(ip_current), F(ip_route_add), F(ip_route_remove), F(ip_route_get), F(ip_route_lookup),
  F(ip_route_matches),
  F(pmtu_get), F(pmtu_lower),

#if LWIP_UDP
  F(udp_new), F(udp_new_ip_type), F(udp_remove), F(udp_bind), F(udp_bind_netif), F(udp_connect),
  F(udp_disconnect), F(udp_recv), F(udp_send), F(udp_sendto), F(udp_sendto_if),
  F(udp_sendto_if_src), F(udp_input), F(udp_init), F(udp_netif_ip_addr_changed), F(udp_err),
#if LWIP_CHECKSUM_ON_COPY && CHECKSUM_GEN_UDP
  F(udp_send_chksum), F(udp_sendto_chksum), F(udp_sendto_if_chksum), F(udp_sendto_if_src_chksum),
#endif
#if UDP_DEBUG
  F(udp_debug_print),
#endif
#endif
#if LWIP_RAW
  F(raw_new), F(raw_new_ip_type), F(raw_remove), F(raw_bind), F(raw_bind_netif), F(raw_connect),
  F(raw_disconnect), F(raw_sendto), F(raw_sendto_if_src), F(raw_send), F(raw_recv), F(raw_err),
#endif

  F(capture_open), F(capture_start), F(capture_stop), F(capture_close),
};
/* clang-format on */

#ifdef OPTION_HOOKS
int option_ip4_input(struct pbuf *p, struct netif *inp)
{
  return p == NULL && inp == NULL;
}

struct netif *option_ip4_route(const ip4_addr_t *dest)
{
  LWIP_UNUSED_ARG(dest);
  return NULL;
}

struct netif *option_ip4_route_src(const ip4_addr_t *src, const ip4_addr_t *dest)
{
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dest);
  return NULL;
}

int option_ip4_canforward(struct pbuf *p, u32_t dest)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(dest);
  return -1;
}

const ip4_addr_t *option_etharp_get_gw(struct netif *netif, const ip4_addr_t *dest)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dest);
  return NULL;
}

int option_vlan_check(struct netif *netif, struct eth_hdr *eth, struct eth_vlan_hdr *vlan)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(eth);
  return VLAN_ID(vlan) == 1;
}

s32_t option_vlan_set(struct netif *netif, struct pbuf *p, const struct eth_addr *src,
                      const struct eth_addr *dst, u16_t eth_type)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dst);
  return eth_type == ETHTYPE_ARP ? 1 : -1;
}

err_t option_unknown_eth(struct pbuf *p, struct netif *netif)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(netif);
  return ERR_VAL;
}

#if LWIP_IPV6
int option_ip6_input(struct pbuf *p, struct netif *inp)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(inp);
  return 0;
}

const ip6_addr_t *option_nd6_get_gw(struct netif *netif, const ip6_addr_t *dest)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dest);
  return NULL;
}

const ip_addr_t *option_ip6_select_src(struct netif *netif, const ip6_addr_t *dest)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dest);
  return NULL;
}

int option_ip6_secret(const struct netif *netif, u8_t key[16])
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(key);
  return 0;
}

struct netif *option_ip6_route(const ip6_addr_t *src, const ip6_addr_t *dest)
{
  LWIP_UNUSED_ARG(src);
  LWIP_UNUSED_ARG(dest);
  return NULL;
}
#endif

int option_dns_resolve(const char *name, ip_addr_t *addr,
                       void (*found)(const char *name, const ip_addr_t *ipaddr, void *callback_arg),
                       void *arg, u8_t type, err_t *err)
{
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(found);
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(type);
  *err = ERR_VAL;
  return 0;
}

int option_netconn_resolve(const char *name, ip_addr_t *addr, u8_t type, err_t *err)
{
  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(addr);
  LWIP_UNUSED_ARG(type);
  *err = ERR_VAL;
  return 0;
}

int option_accept_udp_port(u16_t port)
{
  return port == PP_HTONS(68);
}

u32_t option_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                     u16_t remote_port)
{
  LWIP_UNUSED_ARG(local);
  LWIP_UNUSED_ARG(remote);
  return (u32_t)local_port + remote_port;
}

err_t option_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len,
                          u8_t *opt2, struct pbuf *p)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(hdr);
  LWIP_UNUSED_ARG(opt2);
  LWIP_UNUSED_ARG(p);
  return optlen == opt1len ? ERR_OK : ERR_VAL;
}

u8_t option_tcp_options_len(const struct tcp_pcb *pcb, u8_t len)
{
  LWIP_UNUSED_ARG(pcb);
  return len;
}

u32_t *option_tcp_options_add(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb,
                              u32_t *opts)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(hdr);
  LWIP_UNUSED_ARG(pcb);
  return opts;
}

void option_dhcp_append(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                        u8_t msg_type, u16_t *options_len)
{
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dhcp);
  LWIP_UNUSED_ARG(state);
  LWIP_UNUSED_ARG(msg);
  LWIP_UNUSED_ARG(msg_type);
  LWIP_UNUSED_ARG(options_len);
}

void option_dhcp_parse(struct netif *netif, struct dhcp *dhcp, u8_t state, struct dhcp_msg *msg,
                       u8_t msg_type, u8_t option, u8_t len, struct pbuf *p, u16_t offset)
{
  option_dhcp_append(netif, dhcp, state, msg, msg_type, NULL);
  LWIP_UNUSED_ARG(option);
  LWIP_UNUSED_ARG(len);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(offset);
}

err_t option_dhcp_post_init(struct netif *netif)
{
  LWIP_UNUSED_ARG(netif);
  return ERR_VAL;
}

u32_t option_dhcp_xid(void)
{
  return 4;
}

struct netif *option_filter_netif(struct pbuf *p, struct netif *netif, u16_t type)
{
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(type);
  return netif;
}
#endif

#ifdef OPTION_HOOK_MEMP
void option_memp_available(int pool)
{
  LWIP_UNUSED_ARG(pool);
}
#endif

/* What a program must bring where an option says that it brings it. */
#ifdef OPTION_NTP
void dhcp_set_ntp_servers(u8_t num_ntp_servers, const ip4_addr_t *ntp_server_addrs)
{
  LWIP_UNUSED_ARG(num_ntp_servers);
  LWIP_UNUSED_ARG(ntp_server_addrs);
}
#endif

#if LWIP_TIMERS && LWIP_TIMERS_CUSTOM
void sys_timeouts_init(void)
{
}

void sys_timeouts_deinit(void)
{
}

#if LWIP_DEBUG_TIMERNAMES
void sys_timeout_debug(u32_t msecs, sys_timeout_handler handler, void *arg,
                       const char *handler_name)
{
  LWIP_UNUSED_ARG(msecs);
  LWIP_UNUSED_ARG(handler);
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(handler_name);
}
#else
void sys_timeout(u32_t msecs, sys_timeout_handler handler, void *arg)
{
  LWIP_UNUSED_ARG(msecs);
  LWIP_UNUSED_ARG(handler);
  LWIP_UNUSED_ARG(arg);
}
#endif

void sys_untimeout(sys_timeout_handler handler, void *arg)
{
  LWIP_UNUSED_ARG(handler);
  LWIP_UNUSED_ARG(arg);
}

void sys_restart_timeouts(void)
{
  timers_rebase();
}

u32_t sys_check_timeouts(void)
{
  timers_run();
  return timers_sleep_ms();
}

u32_t sys_timeouts_sleeptime(void)
{
  return timers_sleep_ms();
}
#endif

#if LWIP_MIB2_CALLBACKS
void mib2_netif_added(struct netif *ni)
{
  LWIP_UNUSED_ARG(ni);
}

void mib2_netif_removed(struct netif *ni)
{
  LWIP_UNUSED_ARG(ni);
}

#if LWIP_IPV4
#if LWIP_ARP
void mib2_add_arp_entry(struct netif *ni, ip4_addr_t *ip)
{
  LWIP_UNUSED_ARG(ni);
  LWIP_UNUSED_ARG(ip);
}

void mib2_remove_arp_entry(struct netif *ni, ip4_addr_t *ip)
{
  LWIP_UNUSED_ARG(ni);
  LWIP_UNUSED_ARG(ip);
}
#endif

void mib2_add_ip4(struct netif *ni)
{
  LWIP_UNUSED_ARG(ni);
}

void mib2_remove_ip4(struct netif *ni)
{
  LWIP_UNUSED_ARG(ni);
}

void mib2_add_route_ip4(u8_t dflt, struct netif *ni)
{
  LWIP_UNUSED_ARG(dflt);
  LWIP_UNUSED_ARG(ni);
}

void mib2_remove_route_ip4(u8_t dflt, struct netif *ni)
{
  LWIP_UNUSED_ARG(dflt);
  LWIP_UNUSED_ARG(ni);
}
#endif

#if LWIP_UDP
void mib2_udp_bind(struct udp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}

void mib2_udp_unbind(struct udp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
}
#endif
#endif

#ifdef OPTION_ALLOCATOR
void *option_malloc(size_t size)
{
  return malloc(size);
}

void *option_calloc(size_t count, size_t size)
{
  return calloc(count, size);
}

void option_free(void *mem)
{
  free(mem);
}
#endif

#ifdef OPTION_LOCK
void option_lock(void)
{
}

void option_unlock(void)
{
}
#endif

#if LWIP_TCP && LWIP_EVENT_API
err_t lwip_tcp_event(void *arg, struct tcp_pcb *pcb, enum lwip_event event, struct pbuf *p,
                     u16_t size, err_t err)
{
  (void)arg, (void)pcb, (void)event, (void)p, (void)size;
  return err;
}
#endif

int main(void)
{
  int missing = 0;

  for (size_t i = 0; i < LWIP_ARRAYSIZE(functions); i++) {
    if (functions[i].fn == NULL) {
      printf("%s\n", functions[i].name);
      missing++;
    }
  }
  return missing != 0;
}
