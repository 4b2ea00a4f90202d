/*
 * Every reason for which a packet is dropped, one line each: DROP(NAME, group, kind, "text").
 *
 * `group` and `kind` name the lwip_stats counter that goes up beside `drop`: lwip_stats.group.kind;
 * kind `drop` means that `drop` alone does. Included with DROP defined, so it has no include guard.
 */

/* link: Ethernet, VLAN */
DROP(NETIF_DOWN, link, drop, "interface is down")
DROP(ETH_SHORT, link, lenerr, "frame shorter than an Ethernet header")
DROP(ETH_FROM_US, link, drop, "frame with our own source address: a loop")
DROP(ETH_SRC_GROUP, link, err, "frame from a group address")
DROP(ETH_NOT_FOR_US, link, drop, "frame for another station")
DROP(ETH_LLC, link, proterr, "802.3 length field instead of an EtherType")
DROP(ETH_UNKNOWN_TYPE, link, proterr, "no handler for this EtherType")
DROP(VLAN_SHORT, link, lenerr, "frame ends inside its 802.1Q tag")
DROP(VLAN_NESTED, link, proterr, "more than one 802.1Q tag")
DROP(VLAN_FILTERED, link, drop, "frame of a VLAN that is not ours")

/* ARP */
DROP(ARP_SHORT, etharp, lenerr, "ARP message shorter than 28 bytes")
DROP(ARP_BAD_FORMAT, etharp, proterr, "ARP for something else than Ethernet and IPv4")
DROP(ARP_BAD_OPCODE, etharp, proterr, "ARP operation is neither request nor reply")
DROP(ARP_BAD_SENDER_MAC, etharp, err, "ARP sender MAC is a group's, zero or not the frame's")
DROP(ARP_BAD_SENDER_IP, etharp, err, "ARP sender protocol address is no host's")
DROP(ARP_CONFLICT, etharp, err, "ARP sender claims our address")
DROP(ARP_NOT_FOR_US, etharp, drop, "ARP request for somebody else")
DROP(ARP_UNSOLICITED, etharp, drop, "ARP reply that nobody asked for")
DROP(ARP_QUEUE_FULL, etharp, memerr, "too many packets wait for one neighbour")
DROP(ARP_UNRESOLVED, etharp, rterr, "neighbour did not answer")
DROP(ARP_CACHE_FULL, etharp, memerr, "no neighbour cache entry to be had")
DROP(ARP_EVICTED, etharp, memerr, "neighbour's cache entry was needed for another")

/* IPv4 */
DROP(IP4_SHORT, ip, lenerr, "packet shorter than an IPv4 header")
DROP(IP4_BAD_VERSION, ip, err, "IP version is not 4")
DROP(IP4_BAD_IHL, ip, lenerr, "header length below 20 bytes or beyond the packet")
DROP(IP4_BAD_LENGTH, ip, lenerr, "total length below the header's or beyond the packet")
DROP(IP4_BAD_CHECKSUM, ip, chkerr, "header checksum is wrong")
DROP(IP4_BAD_OPTION, ip, opterr, "malformed IPv4 option")
DROP(IP4_SOURCE_ROUTE, ip, opterr, "source route")
DROP(IP4_OPTIONS_REFUSED, ip, opterr, "IPv4 options are switched off")
DROP(IP4_BAD_SRC, ip, err, "source address that no host may use")
DROP(IP4_BAD_DST, ip, err, "destination that may not come from a wire")
DROP(IP4_LAND, ip, err, "source address is our own")
DROP(IP4_NOT_FOR_US, ip, drop, "destination is not ours and forwarding is off")
DROP(IP4_LINK_GROUP, ip, drop, "unicast packet in a link-layer broadcast")
DROP(IP4_NO_PROTO, ip, proterr, "no handler for this protocol")
DROP(IP4_TRUNCATED, ip, memerr, "no memory to make the headers contiguous")
DROP(IP4_FWD_TTL, ip, drop, "time to live ended at us")
DROP(IP4_FWD_NO_ROUTE, ip, rterr, "no route to forward by")
DROP(IP4_FWD_SAME_NETIF, ip, rterr, "would leave by the interface it came in by")
DROP(IP4_FWD_REFUSED, ip, drop, "address may not be forwarded")
DROP(IP4_FWD_TOO_BIG, ip, drop, "too big for the next link and may not be fragmented")
DROP(IP4_FWD_NO_MEMORY, ip, memerr, "no memory to forward, or the driver refused")

/* IPv4 fragments */
DROP(FRAG_BAD_LENGTH, ip_frag, lenerr, "fragment not a multiple of 8 bytes, or empty")
DROP(FRAG_TOO_BIG, ip_frag, lenerr, "fragments beyond 65,535 bytes")
DROP(FRAG_DF_SET, ip_frag, proterr, "fragment with \"don't fragment\"")
DROP(FRAG_OVERLAP, ip_frag, proterr, "fragments overlap")
DROP(FRAG_DUPLICATE, ip_frag, drop, "fragment that is here already")
DROP(FRAG_TINY_FIRST, ip_frag, proterr, "first fragment shorter than a transport header")
DROP(FRAG_LIMIT, ip_frag, memerr, "reassembly memory is at its bound")
DROP(FRAG_TIMEOUT, ip_frag, drop, "fragments missing for too long")
DROP(FRAG_DISABLED, ip_frag, proterr, "fragment, and reassembly is switched off")
DROP(FRAG_NO_MEMORY, ip_frag, memerr, "no memory to reassemble")

/* ICMP */
DROP(ICMP_SHORT, icmp, lenerr, "ICMP message shorter than its header")
DROP(ICMP_BAD_CHECKSUM, icmp, chkerr, "ICMP checksum is wrong")
DROP(ICMP_UNKNOWN_TYPE, icmp, proterr, "ICMP type that does not exist")
DROP(ICMP_REFUSED, icmp, proterr, "ICMP redirect, source quench, timestamp, mask or information")
DROP(ICMP_BAD_CODE, icmp, proterr, "ICMP error with a code that does not exist")
DROP(ICMP_GROUP_ECHO, icmp, drop, "echo request to a broadcast address or a group")
DROP(ICMP_RATE_LIMITED, icmp, drop, "ICMP rate limit")
DROP(ICMP_BAD_QUOTE, icmp, lenerr, "ICMP error quotes too little or nonsense")
DROP(ICMP_NOT_OURS, icmp, err, "ICMP error about a packet that nobody here sent")
DROP(ICMP_NO_MEMORY, icmp, memerr, "no memory for an ICMP answer")
DROP(ICMP_UNWANTED_REPLY, icmp, drop, "echo reply that nobody waits for")

/* IPv6 fragments */
DROP(FRAG6_SHORT, ip6_frag, lenerr, "packet ends inside its fragment header")
DROP(FRAG6_BAD_LENGTH, ip6_frag, lenerr, "fragment not a multiple of 8 bytes, or empty")
DROP(FRAG6_TOO_BIG, ip6_frag, lenerr, "fragments beyond 65,535 bytes")
DROP(FRAG6_OVERLAP, ip6_frag, proterr, "fragments overlap")
DROP(FRAG6_DUPLICATE, ip6_frag, drop, "fragment that is here already")
DROP(FRAG6_INCOMPLETE_CHAIN, ip6_frag, proterr, "first fragment without all headers")
DROP(FRAG6_LIMIT, ip6_frag, memerr, "reassembly memory is at its bound")
DROP(FRAG6_TIMEOUT, ip6_frag, drop, "fragments missing for too long")
DROP(FRAG6_DISABLED, ip6_frag, proterr, "fragment, and reassembly is switched off")
DROP(FRAG6_NO_MEMORY, ip6_frag, memerr, "no memory to reassemble")

/* ICMPv6 */
DROP(ICMP6_SHORT, icmp6, lenerr, "ICMPv6 message shorter than its header")
DROP(ICMP6_BAD_CHECKSUM, icmp6, chkerr, "ICMPv6 checksum is wrong")
DROP(ICMP6_UNKNOWN_TYPE, icmp6, proterr, "ICMPv6 type that nobody here handles")
DROP(ICMP6_GROUP_ECHO, icmp6, drop, "echo request to a group")
DROP(ICMP6_BAD_SRC, icmp6, err, "ICMPv6 message from an address that cannot be answered")
DROP(ICMP6_RATE_LIMITED, icmp6, drop, "ICMPv6 rate limit")
DROP(ICMP6_BAD_QUOTE, icmp6, lenerr, "ICMPv6 error quotes too little or nonsense")
DROP(ICMP6_NOT_OURS, icmp6, err, "ICMPv6 error about a packet that nobody here sent")
DROP(ICMP6_NO_MEMORY, icmp6, memerr, "no memory for an ICMPv6 answer")
DROP(ICMP6_UNWANTED_REPLY, icmp6, drop, "echo reply that nobody waits for")

/* IGMP */
DROP(IGMP_SHORT, igmp, lenerr, "IGMP message shorter than its header, or of no version's length")
DROP(IGMP_BAD_CHECKSUM, igmp, chkerr, "IGMP checksum is wrong")
DROP(IGMP_BAD_TTL, igmp, proterr, "IGMP message that was forwarded")
DROP(IGMP_BAD_SRC, igmp, proterr, "IGMP message from off the link")
DROP(IGMP_BAD_DST, igmp, proterr, "IGMP message to the wrong address")
DROP(IGMP_BAD_SOURCE_COUNT, igmp, lenerr, "IGMP query with more sources than bytes")
DROP(IGMP_NOT_MEMBER, igmp, drop, "IGMP message about a group that is not joined")
DROP(IGMP_UNKNOWN_TYPE, igmp, proterr, "IGMP type that hosts do not handle")
DROP(IGMP_NO_MEMORY, igmp, memerr, "no memory for an IGMP report")

/* UDP, UDP-Lite */
DROP(UDP_SHORT, udp, lenerr, "datagram shorter than a UDP header")
DROP(UDP_BAD_LENGTH, udp, lenerr, "UDP length below 8 or beyond the packet")
DROP(UDP_BAD_COVERAGE, udp, lenerr, "UDP-Lite coverage out of range")
DROP(UDP_BAD_CHECKSUM, udp, chkerr, "UDP checksum is wrong")
DROP(UDP_NO_CHECKSUM, udp, chkerr, "UDP checksum missing where it is mandatory")
DROP(UDP_BAD_PORT, udp, proterr, "UDP destination port 0")
DROP(UDP_NO_PORT, udp, proterr, "no socket at this UDP port")
DROP(UDP_NO_RECEIVER, udp, drop, "UDP socket without a receive callback")
DROP(UDP_NO_MEMORY, udp, memerr, "no memory for one more copy of a datagram")
DROP(UDP_BROADCAST_REFUSED, udp, drop, "broadcast to a socket without SO_BROADCAST")

/* raw endpoints */
DROP(RAW_NO_MEMORY, ip, memerr, "no memory for one more copy of a packet")

/* loopback */
DROP(LOOP_FULL, link, memerr, "loopback queue is full")
DROP(LOOP_NO_MEMORY, link, memerr, "no memory to loop a packet back")
