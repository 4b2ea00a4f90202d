#!/usr/bin/env python3
"""Writes hand-made inputs into tests/fuzz/corpus/NAME/: the start of every fuzzing.

What fuzzing found later is kept beside them, merged with -merge=1. Running this again only rewrites
the files whose names begin with "seed-".
"""

import os
import socket
import struct

HERE = os.path.dirname(os.path.abspath(__file__))

US = bytes([2, 0, 0, 0, 0, 1])
PEER = bytes([2, 0, 0, 0, 0, 2])
ALL = b"\xff" * 6

FIX, ADDRESS, OTHER, CHAINED, TO_US = 0x08, 0x10, 0x20, 0x40, 0x80


def save(target, name, data):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "seed-" + name), "wb") as f:
        f.write(data)


def ip_bytes(text):
    return bytes(int(x) for x in text.split("."))


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def eth(kind, payload, dst=US, src=PEER):
    return dst + src + struct.pack(">H", kind) + payload


def vlan(frame, tci):
    return frame[:12] + struct.pack(">HH", 0x8100, tci) + frame[12:]


def arp(op, smac=PEER, sip="10.0.0.2", tmac=bytes(6), tip="10.0.0.1"):
    return struct.pack(">HHBBH", 1, 0x800, 6, 4, op) + smac + ip_bytes(sip) + tmac + ip_bytes(tip)


def ip4(proto, payload, src="10.0.0.2", dst="10.0.0.1", options=b"", frag=0, ident=1, ttl=64):
    options += b"\0" * (-len(options) % 4)
    header = struct.pack(">BBHHHBBH", 0x40 + 5 + len(options) // 4, 0,
                         20 + len(options) + len(payload), ident, frag, ttl, proto, 0)
    header += ip_bytes(src) + ip_bytes(dst) + options
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload


def icmp(kind, code, rest, data=b""):
    m = struct.pack(">BBHI", kind, code, 0, rest) + data
    return m[:2] + struct.pack(">H", checksum(m)) + m[4:]


def udp(sport, dport, data, src="10.0.0.2", dst="10.0.0.1", proto=17, third=None):
    third = len(data) + 8 if third is None else third
    m = struct.pack(">HHHH", sport, dport, third, 0) + data
    covered = m if proto == 17 or third == 0 else m[:third]
    pseudo = ip_bytes(src) + ip_bytes(dst) + struct.pack(">BBH", 0, proto, len(m))
    return m[:6] + struct.pack(">H", checksum(pseudo + covered) or 0xffff) + m[8:]


def igmp(kind, resp, group, more=b""):
    m = struct.pack(">BBH", kind, resp, 0) + ip_bytes(group) + more
    return m[:2] + struct.pack(">H", checksum(m)) + m[4:]


# --- IPv6 ---

PEER6, US6, GLOBAL6 = "fe80::2", "fe80::ff:fe00:1", "2001:db8::1"
HBH, UDP, ROUTING, FRAGMENT, ICMP6, NONE, DEST = 0, 17, 43, 44, 58, 59, 60


def ip6_bytes(text):
    return socket.inet_pton(socket.AF_INET6, text)


def ip6(nexth, payload, src=PEER6, dst=US6, hops=64, ext=(), length=None):
    """ext: (type, bytes) of each extension header, their first byte left 0."""
    kinds = [kind for kind, _ in ext] + [nexth]
    chain = b"".join(bytes([kinds[i + 1]]) + body[1:] for i, (_, body) in enumerate(ext))
    length = len(chain + payload) if length is None else length
    return (struct.pack(">IHBB", 0x60000000, length, kinds[0], hops) + ip6_bytes(src)
            + ip6_bytes(dst) + chain + payload)


def sum6(nexth, message, src, dst):
    return checksum(ip6_bytes(src) + ip6_bytes(dst) + struct.pack(">II", len(message), nexth) + message)


def icmp6(kind, code, rest, data=b"", src=PEER6, dst=US6):
    m = struct.pack(">BBHI", kind, code, 0, rest) + data
    return m[:2] + struct.pack(">H", sum6(ICMP6, m, src, dst)) + m[4:]


def udp6(sport, dport, data, src=PEER6, dst=US6, proto=UDP, third=None):
    third = len(data) + 8 if third is None else third
    m = struct.pack(">HHHH", sport, dport, third, 0) + data
    return m[:6] + struct.pack(">H", sum6(proto, m, src, dst) or 0xffff) + m[8:]


def options6(body, pad=True):
    """Of a hop-by-hop or destination options header, padded to 8 bytes."""
    missing = -(2 + len(body)) % 8
    if pad and missing == 1:
        body += b"\0"
    elif pad and missing:
        body += bytes([1, missing - 2]) + bytes(missing - 2)
    body += bytes(-(2 + len(body)) % 8)
    return bytes([0, (2 + len(body)) // 8 - 1]) + body


def fragment6(offset, more, ident):
    return struct.pack(">BBHI", 0, 0, offset | more, ident)


def option(kind, body):
    body += bytes(-(2 + len(body)) % 8)
    return bytes([kind, (2 + len(body)) // 8]) + body


def prefix(text, length=64, flags=0xc0, valid=3600, preferred=1800):
    return option(3, struct.pack(">BBIII", length, flags, valid, preferred, 0) + ip6_bytes(text))


def domain(name):
    return b"".join(bytes([len(x)]) + x.encode() for x in name.split(".")) + b"\0"


ND_OPTIONS = {
    "source": option(1, PEER),
    "target": option(2, PEER),
    "prefix": prefix("2001:db8:9::"),
    "prefix-dead": prefix("2001:db8:9::", valid=0, preferred=0),
    "prefix-odd": prefix("2001:db8:9::", length=129),
    "prefix-linklocal": prefix("fe80::"),
    "mtu": option(5, struct.pack(">HI", 0, 1400)),
    "mtu-small": option(5, struct.pack(">HI", 0, 68)),
    "route": option(24, struct.pack(">BBI", 48, 8, 600) + ip6_bytes("2001:db8:77::")[:8]),
    "route-default": option(24, struct.pack(">BBI", 0, 0, 600)),
    "route-reserved": option(24, struct.pack(">BBI", 64, 0x10, 600) + bytes(8)),
    "route-short": option(24, struct.pack(">BBI", 128, 0, 600) + bytes(8)),
    "rdnss": option(25, struct.pack(">HI", 0, 600) + ip6_bytes("2001:db8::53") + ip6_bytes("fe80::53")),
    "rdnss-even": option(25, struct.pack(">HI", 0, 600) + bytes(8)),
    "dnssl": option(31, struct.pack(">HI", 0, 600) + domain("example.com") + domain("a.example")),
    "dnssl-cut": option(31, struct.pack(">HI", 0, 600) + b"\x3fexample"),
    "nonce": option(14, b"\1\2\3\4\5\6"),
    "length-0": bytes([1, 0, 0, 0, 0, 0, 0, 0]),
    "length-beyond": bytes([1, 9, 0, 0, 0, 0, 0, 0]),
    "unknown": option(250, bytes(14)),
}


def nd(kind, fixed, options=b"", src=PEER6, dst=US6):
    """`fixed`: from the word behind the checksum on."""
    m = struct.pack(">BBH", kind, 0, 0) + fixed + options
    return m[:2] + struct.pack(">H", sum6(ICMP6, m, src, dst)) + m[4:]


def ra(options=b"", lifetime=1800, flags=0, src="fe80::fe"):
    return nd(134, struct.pack(">BBHII", 64, flags, lifetime, 30000, 1000), options, src, "ff02::1")


ND_MESSAGES = {
    "ns": nd(135, bytes(4) + ip6_bytes(US6), ND_OPTIONS["source"]),
    "ns-dad": nd(135, bytes(4) + ip6_bytes(US6), ND_OPTIONS["nonce"], "::", "ff02::1:ff00:1"),
    "na": nd(136, struct.pack(">I", 0x60000000) + ip6_bytes(PEER6), ND_OPTIONS["target"]),
    "na-ours": nd(136, struct.pack(">I", 0x20000000) + ip6_bytes(US6), ND_OPTIONS["target"],
                  PEER6, "ff02::1"),
    "rs": nd(133, bytes(4), ND_OPTIONS["source"], PEER6, "ff02::2"),
    "redirect": nd(137, bytes(4) + ip6_bytes("fe80::9") + ip6_bytes("2001:db8:77::1"),
                   ND_OPTIONS["target"] + option(4, bytes(6) + bytes(48)), "fe80::fe"),
}


def mld_message(kind, resp, group, more=b"", src="fe80::fe", dst="ff02::1"):
    m = struct.pack(">BBHHH", kind, 0, 0, resp, 0) + ip6_bytes(group) + more
    return m[:2] + struct.pack(">H", sum6(ICMP6, m, src, dst)) + m[4:]


def tail(s_qrv, qqic, *sources):
    return struct.pack(">BBH", s_qrv, qqic, len(sources)) + b"".join(ip6_bytes(x) for x in sources)


MLD_QUERIES = {
    "v1": mld_message(130, 1000, "::"),
    "v1-group": mld_message(130, 100, "ff02::1234", dst="ff02::1234"),
    "v2": mld_message(130, 1000, "::", tail(2, 125)),
    "v2-group": mld_message(130, 200, "ff02::1234", tail(2, 125), dst="ff02::1234"),
    "v2-sources": mld_message(130, 0xffff, "ff02::1234", tail(10, 200, "fe80::2", "fe80::3"),
                              dst="ff02::1234"),
    "v2-too-many": mld_message(130, 0x8000, "ff02::1234", struct.pack(">BBH", 2, 0x80, 500),
                               dst="ff02::1234"),
    "v1-and-a-bit": mld_message(130, 0, "::", b"\0\0"),
    "report": mld_message(131, 0, "ff02::1234", src=PEER6, dst="ff02::1234"),
    "done": mld_message(132, 0, "ff02::1234", src=PEER6, dst="ff02::2"),
}

ALERT6 = (HBH, options6(bytes([5, 2, 0, 0])))
PING6 = ip6(ICMP6, icmp6(128, 0, 0xf00d0001, b"abcdefgh"))
DATAGRAM6 = ip6(UDP, udp6(1000, 7, b"hello"))
CHAINS = {
    "alert": [ALERT6],
    "dest": [(DEST, options6(b""))],
    "all": [ALERT6, (DEST, options6(b"")), (ROUTING, bytes([0, 0, 4, 0]) + bytes(4)),
            (FRAGMENT, fragment6(0, 0, 7)), (DEST, options6(bytes([0x1e, 2, 9, 9])))],
    "routing-0": [(ROUTING, bytes([0, 2, 0, 1]) + bytes(4) + ip6_bytes(PEER6))],
    "routing-2-left": [(ROUTING, bytes([0, 2, 2, 1]) + bytes(4) + ip6_bytes(PEER6))],
    "hbh-second": [(DEST, options6(b"")), ALERT6],
    "skip": [(DEST, options6(bytes([0x3e, 4, 1, 2, 3, 4])))],
    "discard": [(DEST, options6(bytes([0x7e, 4, 1, 2, 3, 4])))],
    "complain": [(DEST, options6(bytes([0xbe, 4, 1, 2, 3, 4])))],
    "complain-unicast": [(HBH, options6(bytes([0xfe, 4, 1, 2, 3, 4])))],
    "option-beyond": [(DEST, bytes([0, 0, 0x1e, 200, 0, 0, 0, 0]))],
    "much-padding": [(DEST, options6(bytes(30), pad=False))],
    "many-options": [(DEST, options6(bytes([0x1e, 0]) * 20))],
    "many-headers": [(DEST, options6(b""))] * 40,
    "header-beyond": [(DEST, bytes([0, 255, 1, 4, 0, 0, 0, 0]))],
    "atomic": [(FRAGMENT, fragment6(0, 0, 9))],
    "fragment": [(FRAGMENT, fragment6(0, 1, 9))],
    "fragment-of-fragment": [(FRAGMENT, fragment6(0, 0, 9)), (FRAGMENT, fragment6(0, 1, 9))],
}

ROUTER_ALERT = bytes([0x94, 4, 0, 0])
OPTIONS = {
    "nops": b"\x01" * 40,
    "end": b"\x00" * 4,
    "router-alert": ROUTER_ALERT,
    "record-route": bytes([7, 11, 4]) + bytes(8),
    "record-route-full": bytes([7, 11, 12]) + bytes(8),
    "record-route-pointer": bytes([7, 11, 3]) + bytes(8),
    "timestamp": bytes([68, 12, 5, 0]) + bytes(8),
    "timestamp-address": bytes([68, 12, 5, 1]) + bytes(8),
    "source-route": bytes([131, 7, 4, 10, 0, 0, 9]),
    "strict-source-route": bytes([137, 7, 4, 10, 0, 0, 9]),
    "length-0": bytes([7, 0, 4, 0]),
    "length-1": bytes([148, 1, 0, 0]),
    "length-beyond": bytes([7, 39, 4, 0]),
    "cut": bytes([1, 1, 1, 148]),
    "mixed": ROUTER_ALERT + bytes([7, 7, 4, 0, 0, 0, 0, 1]) + bytes([148, 4, 0, 0]),
}

PING = ip4(1, icmp(8, 0, 0x12340001, b"abcdefgh"))
DATAGRAM = ip4(17, udp(1000, 7, b"hello"))

QUERIES = {
    "v1": igmp(0x11, 0, "0.0.0.0"),
    "v2": igmp(0x11, 100, "0.0.0.0"),
    "v2-group": igmp(0x11, 10, "239.1.2.3"),
    "v3": igmp(0x11, 100, "0.0.0.0", struct.pack(">BBH", 2, 125, 0)),
    "v3-group": igmp(0x11, 20, "239.1.2.3", struct.pack(">BBH", 2, 125, 0)),
    "v3-sources": igmp(0x11, 20, "239.1.2.3",
                       struct.pack(">BBH", 10, 200, 2) + ip_bytes("10.0.0.2") + ip_bytes("10.0.0.3")),
    "v3-too-many": igmp(0x11, 0xff, "239.1.2.3", struct.pack(">BBH", 2, 0x80, 500)),
    "report": igmp(0x16, 0, "239.1.2.3"),
    "leave": igmp(0x17, 0, "239.1.2.3"),
}


def frame_op(frame, flags=0):
    return bytes([flags]) + struct.pack(">H", len(frame)) + frame


def wait(mantissa, exponent=0):
    return bytes([4, mantissa | exponent << 6])


def send(where, length):
    return bytes([5, where, length])


def admin(what):
    return bytes([6, what])


def fragments(payload, size, **kw):
    parts = []
    for off in range(0, len(payload), size):
        more = 0x2000 if off + size < len(payload) else 0
        parts.append(ip4(17, payload[off:off + size], frag=off // 8 | more, **kw))
    return parts


def group_mac(ip):
    b = ip_bytes(ip)
    return bytes([1, 0, 0x5e, b[1] & 0x7f, b[2], b[3]])


def parsers():
    save("eth", "plain", b"\0" + eth(0x800, PING))
    save("eth", "tagged", b"\1" + vlan(eth(0x800, PING), 0x2005))
    save("eth", "nested", b"\1" + vlan(vlan(eth(0x800, PING), 5), 6))
    save("eth", "cut-tag", b"\1" + vlan(eth(0x800, b""), 5)[:16])
    save("eth", "llc", b"\0" + eth(38, bytes(46)))
    save("arp", "request", arp(1))
    save("arp", "reply", arp(2, tmac=US))
    save("arp", "padded", arp(1) + bytes(18))
    save("arp", "rarp", arp(3))
    save("ip4", "ping", PING)
    save("ip4", "fragment", ip4(17, bytes(64), frag=0x2003))
    for name, options in OPTIONS.items():
        save("ip4", "options-" + name, ip4(17, udp(1, 2, b""), options=options))
        save("ip4", "bare-" + name, options)
    save("icmp4", "echo", icmp(8, 0, 0x12340001, b"abc"))
    for code in (0, 1, 3, 4, 13):
        save("icmp4", f"unreachable-{code}", icmp(3, code, 576 if code == 4 else 0, DATAGRAM))
    save("icmp4", "exceeded", icmp(11, 0, 0, DATAGRAM[:28]))
    save("icmp4", "short-quote", icmp(11, 0, 0, DATAGRAM[:27]))
    save("icmp4", "quote-options", icmp(12, 0, 20 << 24, ip4(17, udp(7, 9, b"x"), options=b"\1" * 40)))
    for name, query in QUERIES.items():
        save("igmp", name, b"\2" + query)
    save("udp", "plain", struct.pack(">H", 13) + udp(1000, 7, b"hello"))
    save("udp", "longer", struct.pack(">H", 12) + udp(1000, 7, b"hello"))
    save("udp", "lite", struct.pack(">H", 13) + udp(1000, 7, b"hello", proto=136, third=8))
    save("udp", "lite-all", struct.pack(">H", 13) + udp(1000, 7, b"hello", proto=136, third=0))


def parsers6():
    save("ip6", "ping", PING6)
    save("ip6", "longer", ip6(UDP, b"x" * 9, length=8))
    save("ip6", "jumbo", ip6(UDP, b"x" * 9, ext=[(HBH, options6(bytes([0xc2, 4, 0, 1, 0, 0])))], length=0))
    for name, chain in CHAINS.items():
        save("ip6", "chain-" + name, ip6(UDP, udp6(1, 2, b"x"), ext=chain))
        save("ip6", "header-" + name, chain[-1][1])
    save("icmp6", "echo", icmp6(128, 0, 0x12340001, b"abc"))
    for kind, code, rest in ((1, 4, 0), (2, 0, 1300), (3, 0, 0), (4, 1, 40)):
        save("icmp6", f"error-{kind}", icmp6(kind, code, rest, DATAGRAM6))
    save("icmp6", "short-quote", icmp6(1, 0, 0, DATAGRAM6[:47]))
    for name, chain in CHAINS.items():
        save("icmp6", "quote-" + name, icmp6(1, 4, 0, ip6(UDP, udp6(7, 9, b"x"), ext=chain)))
    for name, message in ND_MESSAGES.items():
        save("nd6", name, b"\0" + message)
    for name, body in ND_OPTIONS.items():
        save("nd6", "ra-" + name, b"\0" + ra(body))
    save("nd6", "ra-all", b"\0" + ra(b"".join(v for k, v in ND_OPTIONS.items() if "length" not in k)))
    for name, query in MLD_QUERIES.items():
        save("mld6", name, b"\2" + query)


def frames():
    request = eth(0x806, arp(1), dst=ALL)
    save("frame", "arp", frame_op(request) + frame_op(eth(0x806, arp(2, tmac=US))) + b"\7")
    save("frame", "arp-conflict", frame_op(eth(0x806, arp(1, sip="10.0.0.1"), dst=ALL)) + wait(10, 3)
         + frame_op(eth(0x806, arp(2, sip="10.0.0.1", tmac=US))))
    save("frame", "vlan", frame_op(vlan(eth(0x800, PING), 5)) + b"\7")
    save("frame", "ping", frame_op(eth(0x800, PING)) + frame_op(eth(0x800, PING), CHAINED))
    save("frame", "udp", frame_op(eth(0x800, DATAGRAM), FIX)
         + frame_op(eth(0x800, ip4(17, udp(9, 99, b"nobody"))), FIX))
    save("frame", "udplite", frame_op(eth(0x800, ip4(136, udp(9, 7, b"abcdef", proto=136, third=10)))))
    for name, options in OPTIONS.items():
        save("frame", "options-" + name,
             frame_op(eth(0x800, ip4(1, icmp(8, 0, 1, b"x" * 8), options=options)), FIX)
             + frame_op(eth(0x800, ip4(17, udp(1, 2, b"x" * 90), dst="10.0.1.9", options=options)), FIX))
    save("frame", "unknown-proto", frame_op(eth(0x800, ip4(253, bytes(20))), FIX))
    parts = fragments(udp(1000, 7, bytes(range(200)) * 10), 512, ident=7)
    save("frame", "fragments", b"".join(frame_op(eth(0x800, p)) for p in parts))
    save("frame", "fragments-reversed",
         b"".join(frame_op(eth(0x800, p), CHAINED) for p in reversed(parts)))
    save("frame", "fragments-timeout", frame_op(eth(0x800, parts[0])) + wait(60, 3) + b"\7")
    save("frame", "fragments-overlap", frame_op(eth(0x800, parts[0]))
         + frame_op(eth(0x800, ip4(17, bytes(64), frag=0x2001, ident=7))))
    quote = ip4(17, udp(8, 9, b"x" * 30), src="10.0.0.1", dst="10.0.0.2")
    for kind, code, rest in ((3, 3, 0), (3, 4, 400), (3, 4, 0), (11, 0, 0), (11, 1, 0), (12, 0, 0), (5, 1, 1)):
        save("frame", f"icmp-error-{kind}-{code}-{rest}",
             send(8, 60) + frame_op(eth(0x800, ip4(1, icmp(kind, code, rest, quote)))) + send(8, 60))
    for kind in (0, 4, 9, 10, 13, 15, 17, 40):
        save("frame", f"icmp-type-{kind}", frame_op(eth(0x800, ip4(1, icmp(kind, 0, 0, bytes(12)))), FIX))
    for name, query in QUERIES.items():
        dst = "224.0.0.1" if "group" not in name and "sources" not in name else "239.1.2.3"
        packet = ip4(2, query, dst=dst, ttl=1, options=ROUTER_ALERT)
        save("frame", "igmp-" + name, frame_op(eth(0x800, packet, dst=group_mac(dst))) + wait(40, 2)
             + admin(0x80) + wait(40, 2) + admin(0x80) + admin(0xa9) + wait(60, 2))
    save("frame", "forward", frame_op(eth(0x800, ip4(17, udp(1, 7, b"x" * 100), dst="10.0.1.9")), FIX)
         + frame_op(eth(0x800, ip4(17, udp(1, 7, b"x" * 900), dst="10.0.1.9")), FIX)
         + frame_op(eth(0x800, ip4(17, udp(1, 7, b"x" * 900), dst="10.0.1.9", frag=0x4000)), FIX)
         + frame_op(eth(0x800, ip4(17, udp(1, 7, b"x"), dst="10.0.1.9", ttl=1)), FIX)
         + frame_op(eth(0x800, ip4(17, udp(1, 7, b"x"), src="10.0.1.9", dst="10.0.0.9")), FIX | OTHER | ADDRESS)
         + frame_op(eth(0x800, ip4(17, udp(1, 7, b"x"), dst="9.9.9.9")), FIX))
    save("frame", "broadcast", frame_op(eth(0x800, ip4(17, udp(1, 9, b"all"), dst="10.0.0.255"), dst=ALL), FIX)
         + frame_op(eth(0x800, ip4(17, udp(1, 9, b"all"), dst="255.255.255.255"), dst=ALL), FIX)
         + frame_op(eth(0x800, ip4(17, udp(1, 9, b"grp"), dst="239.1.2.3"), dst=group_mac("239.1.2.3")), FIX))
    save("frame", "martians", b"".join(
        frame_op(eth(0x800, ip4(17, udp(1, 7, b"x"), src=s)), FIX)
        for s in ("127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.0.0.1", "10.0.0.255")))
    save("frame", "sends", b"".join(send(w, 20) for w in range(0, 256, 7)) + wait(63, 3))
    save("frame", "long-sends", b"".join(send(w, 250) for w in range(8)) + wait(63, 2))
    save("frame", "admin", b"".join(admin(w) + b"\7" + send(0, 3) for w in range(16)) + wait(9, 3))
    save("frame", "groups", b"".join(admin(0x80 | w) + wait(3, 2) for w in range(0, 128, 5)))


def mac6(dst):
    return bytes([0x33, 0x33]) + ip6_bytes(dst)[12:] if dst.startswith("ff") else US


def op6(packet, flags=0):
    dst = socket.inet_ntop(socket.AF_INET6, packet[24:40])
    return frame_op(eth(0x86dd, packet, dst=mac6(dst)), flags)


def nd6_op(message, src, dst):
    return op6(ip6(ICMP6, message, src, dst, hops=255))


def fragments6(payload, size, ident, **kw):
    parts = []
    for off in range(0, len(payload), size):
        more = 1 if off + size < len(payload) else 0
        parts.append(ip6(UDP, payload[off:off + size], ext=[(FRAGMENT, fragment6(off, more, ident))], **kw))
    return parts


def frames6():
    save("frame", "6-ping", op6(PING6) + op6(PING6, CHAINED) + b"\x0f")
    save("frame", "6-udp", op6(DATAGRAM6) + op6(ip6(UDP, udp6(9, 99, b"nobody"))) + op6(
        ip6(136, udp6(9, 7, b"abcdef", proto=136, third=10))))
    for name, chain in CHAINS.items():
        save("frame", "6-chain-" + name, op6(ip6(UDP, udp6(1, 99, b"x" * 9), ext=chain))
             + op6(ip6(ICMP6, icmp6(128, 0, 1, b"x"), ext=chain), FIX))
    save("frame", "6-unknown", op6(ip6(253, bytes(20))) + op6(ip6(NONE, b"")))
    parts = fragments6(udp6(1000, 7, bytes(range(200)) * 10), 512, 7)
    save("frame", "6-fragments", b"".join(map(op6, parts)))
    save("frame", "6-fragments-reversed", b"".join(op6(p, CHAINED) for p in reversed(parts)))
    save("frame", "6-fragments-timeout", op6(parts[0]) + wait(60, 3) + b"\x0f")
    save("frame", "6-fragments-overlap", op6(parts[0])
         + op6(ip6(UDP, bytes(64), ext=[(FRAGMENT, fragment6(8, 1, 7))])))
    quote = ip6(UDP, udp6(8, 9, b"x" * 30, src=US6, dst=PEER6), src=US6, dst=PEER6)
    for kind, code, rest in ((1, 4, 0), (2, 0, 1300), (2, 0, 60), (3, 0, 0), (4, 1, 6), (100, 0, 0)):
        save("frame", f"6-error-{kind}-{rest}",
             send(8, 140) + op6(ip6(ICMP6, icmp6(kind, code, rest, quote))) + send(8, 250))
    for name, message in ND_MESSAGES.items():
        src = "::" if name == "ns-dad" else "fe80::fe" if name == "redirect" else PEER6
        dst = {"ns-dad": "ff02::1:ff00:1", "na-ours": "ff02::1", "rs": "ff02::2"}.get(name, US6)
        save("frame", "6-" + name, admin(0x70) + send(0, 130) + nd6_op(message, src, dst) + wait(40, 2)
             + send(0, 130) + admin(0x70))
    for name, body in ND_OPTIONS.items():
        save("frame", "6-ra-" + name, nd6_op(ra(body), "fe80::fe", "ff02::1") + wait(20, 2) + send(3, 130)
             + send(4, 130) + wait(60, 3) + nd6_op(ra(body, lifetime=0), "fe80::fe", "ff02::1"))
    for name, query in MLD_QUERIES.items():
        dst = {"report": "ff02::1234", "done": "ff02::2"}.get(
            name, "ff02::1234" if "group" in name or "sources" in name or "many" in name else "ff02::1")
        src = PEER6 if name in ("report", "done") else "fe80::fe"
        save("frame", "6-mld-" + name, op6(ip6(ICMP6, query, src, dst, hops=1, ext=[ALERT6])) + wait(40, 2)
             + admin(0x60) + wait(40, 2) + admin(0x60) + wait(60, 2))
    out = dict(src="2001:db8::2", dst="2001:db8:1::9")
    save("frame", "6-forward", b"".join((
        op6(ip6(UDP, udp6(1, 7, b"x" * 100, **out), **out)),
        op6(ip6(UDP, udp6(1, 7, b"x" * 900, **out), **out)),
        op6(ip6(UDP, udp6(1, 7, b"x", **out), hops=1, **out)),
        op6(ip6(UDP, b"x" * 20, src="2001:db8::2", dst="2001:db8:5::9")),
        op6(ip6(UDP, b"x" * 20, src="fe80::2", dst="2001:db8:1::9")))))
    save("frame", "6-martians", b"".join(
        op6(ip6(UDP, udp6(1, 7, b"x", src=s), src=s))
        for s in ("::1", "::", "ff02::1", "::ffff:10.0.0.2", US6, GLOBAL6)))
    save("frame", "6-sends", b"".join(send(w, 140) for w in range(0, 256, 7)) + wait(63, 3))
    save("frame", "6-long-sends", b"".join(send(w, 250) for w in range(8)) + wait(63, 2))
    save("frame", "6-admin", b"".join(admin(w) + b"\x0f" + send(0, 130) for w in range(16, 128, 8)) + wait(9, 3))


def tcp_options():
    stamps = b"\x01\x01" + struct.pack(">BBII", 8, 10, 1000, 2000)
    syn = b"\x02\x04\x05\xb4" + b"\x04\x02" + stamps[2:] + b"\x01\x03\x03\x07"
    sack = b"\x01\x01" + struct.pack(">BBIIIIII", 5, 26, 100, 200, 300, 400, 500, 600)
    save("tcp_options", "syn", b"\1" + syn)
    save("tcp_options", "sack", b"\0" + stamps + sack)
    save("tcp_options", "four-sacks", b"\0\x01\x01" + bytes([5, 34]) + bytes(range(32)))
    save("tcp_options", "bad-length", b"\1\x02\x04\x05\xb4\x08\x00\x00")
    save("tcp_options", "beyond", b"\1\x02\x28")
    save("tcp_options", "header",
         b"\0" + struct.pack(">HHIIBBHHH", 4000, 80, 1, 2, 0x50, 0x18, 1000, 0, 0) + b"data")


def dhcp():
    def message(options, sname=b"", file=b"", kind=2):
        fixed = struct.pack(">BBBBIHH", kind, 1, 6, 0, 0x12345678, 0, 0) + bytes(4)
        fixed += ip_bytes("10.0.0.251") + bytes(8) + US + bytes(10)
        return fixed + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + b"\x63\x82\x53\x63" + options

    def opt(code, value):
        return bytes([code, len(value)]) + value

    ack = opt(53, b"\5") + opt(54, ip_bytes("10.0.0.2")) + opt(51, struct.pack(">I", 3600))
    lan = opt(1, b"\xff\xff\xff\0") + opt(3, ip_bytes("10.0.0.254")) + opt(6, ip_bytes("1.1.1.1") * 2)
    routes = opt(121, b"\x00" + ip_bytes("10.0.0.1") + b"\x18\xc0\xa8\x05" + ip_bytes("10.0.0.3"))
    save("dhcp", "offer", message(opt(53, b"\2") + ack[3:] + lan + b"\xff"))
    save("dhcp", "ack", message(ack + lan + opt(58, struct.pack(">I", 60)) + routes + b"\xff"))
    save("dhcp", "nak", message(opt(53, b"\6") + opt(54, ip_bytes("10.0.0.2"))))
    save("dhcp", "overload", message(ack + opt(52, b"\3") + b"\xff", lan + b"\xff", routes))
    save("dhcp", "pieces", message(ack + opt(43, b"a" * 200) + opt(43, b"b" * 100) + opt(15, b"")))
    save("dhcp", "padding", message(ack + bytes(200) + lan))
    save("dhcp", "beyond", message(ack + b"\x06\xff\x01"))
    save("dhcp", "request", message(opt(53, b"\3") + opt(50, ip_bytes("10.0.0.9")), kind=1))


def dhcps():
    """Dialogues with a server: see fuzz_dhcps.c."""
    def opt(code, value):
        return bytes([code, len(value)]) + value

    def message(kind, client=1, ciaddr=0, giaddr=0, flags=0, options=b""):
        return bytes([client << 2, kind, ciaddr, giaddr, flags, len(options)]) + options

    def time(mantissa, exponent=0):
        return bytes([3, mantissa | exponent << 6])

    us = opt(54, ip_bytes("10.0.0.1"))
    wish = opt(50, ip_bytes("10.0.0.100"))
    # 4: the pool's first address
    lease = message(1) + message(3, options=us + wish + opt(12, b"name"))
    save("dhcps", "lease", lease + time(10, 1) + message(3, ciaddr=4, flags=0x40)
         + message(3, ciaddr=4) + message(7, ciaddr=4, flags=0x40, options=us))
    save("dhcps", "reboot", lease + message(3, options=wish) + message(3, 2, options=wish))
    save("dhcps", "decline", lease + message(4, options=us + wish) + message(1, 2) + time(60, 2)
         + message(1, 3, options=wish))
    save("dhcps", "relay", message(1, giaddr=9, options=opt(82, b"\1\4port"))
         + message(1, giaddr=200) + message(3, giaddr=9, options=wish))
    save("dhcps", "ids", b"".join(message(1, n, flags=0x80, options=opt(61, bytes([n, 1, 2])))
                                  for n in range(12)))
    save("dhcps", "inform", message(8, ciaddr=9, flags=0x40) + message(8, ciaddr=255))
    save("dhcps", "full", b"".join(
        message(1, n) + message(3, n, options=us + opt(50, ip_bytes(f"10.0.0.{100 + n}"))
                                + opt(51, b"\0\0\0\5")) for n in range(8)) + time(9)
        + message(1, 9, options=b"\x35\x01\x01\xff") + message(1, flags=0x20, options=b"\x0c\xff"))


def tcp():
    """Two ends: see enum operation in fuzz_tcp.c. 0x80: the second one's turn."""
    b = 0x80
    opening = bytes([12, 0, 15, 0])
    talk = opening + bytes([6, 200, 15, 0, b | 6, 100, 15, 0])
    save("tcp", "talk", talk + bytes([7, 0, 15, 0, b | 7, 1, 15, 0, 7, 1]))
    save("tcp", "abort", talk + bytes([7, 2, 15, 0]))
    loss = bytes([6, 250, 3, 0, 6, 251, 2, 2, 15, 0, 10, 0xbf, 15, 0])
    save("tcp", "loss", opening + loss * 8 + bytes([10, 0xff, 15, 0]))
    save("tcp", "reorder", opening + bytes([6, 255] * 4 + [2, 3, 2, 2, 2, 1, 4, 0, 0, 0, 15, 0]))
    save("tcp", "simultaneous", bytes([12, 0, b | 12, 0, 15, 0, 6, 9, b | 6, 9, 15, 0]))
    save("tcp", "window", opening + bytes([b | 8, 2] + [6, 255, 15, 0] * 20 + [10, 0x7f, b | 9, 0,
                                                                          15, 0]))
    save("tcp", "refuse", opening + bytes([b | 8, 1, 6, 50, 15, 0, 7, 0, 15, 0, 10, 0x8f, b | 8, 0,
                                           10, 0xbf, 15, 0]))
    forged = [bytes([b | 11, 5, flags, seq, 1, ack, 100, 0]) for flags in (2, 4, 16, 17, 1, 24)
              for seq, ack in ((0, 0), (1, 0), (255, 1), (127, 200))]
    save("tcp", "forged", opening + b"".join(forged))
    save("tcp", "mutated", opening + bytes([6, 100, 5, 13, 4, 6, 100, 5, 8, 1, 5, 0x84, 1, 15, 0]))
    save("tcp", "faults", b"".join(bytes([13, n, b | 13, n, 6, 200, 15, 0]) for n in range(1, 9)))
    save("tcp", "faults-open", bytes([13, 3, 12, 0, b | 13, 2, 15, 0, 10, 0xbf, 15, 0]) + talk)
    opening6 = bytes([12, 1, 15, 0])
    save("tcp", "ipv6", opening6 + talk[4:] + bytes([7, 0, 15, 0, b | 7, 1, 15, 0]))
    save("tcp", "both", bytes([12, 2, b | 12, 2, 15, 0, 0x2c, 3, b | 0x2c, 3, 15, 0, 6, 9, 15, 0]))
    plans = [bytes([b | 16, when | what << 3, 12, what & 1, 15, 0, 6, 60, 15, 0, 7, 0, 15, 0, 10,
                    0x7f, 15, 0]) for when in range(7) for what in range(8)]
    for n in range(0, len(plans), 8):
        save("tcp", f"plans-{n // 8}", b"".join(plans[n:n + 8]))
    save("tcp", "flood", bytes([18, 31, 18, 0x3f, b | 12, 0, 15, 0, b | 12, 1, 15, 0, 10, 0x7f, 15, 0]))
    save("tcp", "icmp", opening + bytes([21, 40] + [19, 0, 4, 100, 0, 15, 0] + [21, 40] +
                                        [19, 1, 3, 0, 0, 19, 0, 0x41, 0, 0, 15, 0]))
    save("tcp", "icmp6", opening6 + bytes([21, 40, 19, 0, 0x10, 160, 0, 15, 0, 25, 10, 21, 40, 15, 0]))
    save("tcp", "marked", opening + bytes([21, 90, 20, 0, 0, 0, 20, 0, 0, 0, 15, 0, 10, 0x3f, 15, 0]))
    save("tcp", "urgent", opening + bytes([6, 9, 22, 0, 15, 0, 6, 9, 22, 0, 15, 0]))
    save("tcp", "reboot", opening + bytes([6, 9, 15, 0, b | 23, 0, 6, 9, 10, 0x7f, 15, 0]))
    sacks = bytes([b | 11, 0, 16, 0, 1, 0, 100, 0x38, 1, 1, 2, 40, 100, 10, 120, 5])
    save("tcp", "sacks", opening + bytes([21, 80, 24, 0]) + sacks * 3 + bytes([15, 0, 10, 0x7f, 15, 0]))


def dns_name(text):
    return b"".join(bytes([len(x)]) + x.encode() for x in text.split(".") if x) + b"\0"


def dns_record(kind, data, owner=b"\xc0\x0c", ttl=60, rclass=1):
    return owner + struct.pack(">HHIH", kind, rclass, ttl, len(data)) + data


def dns_answer(records=(), authority=(), rcode=0, kind=1, flags=0x8180, name="www.example"):
    head = struct.pack(">HHHHHH", 0x1234, flags | rcode, 1, len(records), len(authority), 0)
    return (head + dns_name(name) + struct.pack(">HH", kind, 1) + b"".join(records) +
            b"".join(authority))


def dns():
    a = dns_record(1, ip_bytes("192.0.2.1"))
    save("dns", "a", dns_answer([a]))
    save("dns", "aaaa", dns_answer([dns_record(28, bytes(range(16)))], kind=28))
    save("dns", "many", dns_answer([dns_record(1, bytes([192, 0, 2, i])) for i in range(29)]))
    alias = dns_record(5, dns_name("host.example"))
    target = dns_record(1, ip_bytes("192.0.2.2"), owner=dns_name("host.example"))
    save("dns", "alias", dns_answer([alias, target]))
    save("dns", "alias-back", dns_answer([target, alias]))
    save("dns", "alias-pointer", dns_answer([dns_record(5, b"\4host\xc0\x10"), target]))
    save("dns", "alias-circle", dns_answer([dns_record(5, b"\xc0\x0c")]))
    soa = dns_record(6, dns_name("ns.example") + b"\xc0\x10" + struct.pack(">5I", 1, 2, 3, 4, 5),
                     owner=b"\xc0\x10")
    save("dns", "no-name", dns_answer(authority=[soa], rcode=3))
    save("dns", "no-data", dns_answer(authority=[soa]))
    save("dns", "truncated", dns_answer([a, a], flags=0x8380)[:-3])
    save("dns", "query", dns_answer(flags=0x0100))
    save("dns", "pointer-self", dns_answer([dns_record(1, b"abcd", owner=b"\xc0\x1d")]))
    save("dns", "labels", dns_answer([dns_record(1, b"abcd", owner=b"\x41a\x80b\x3fc")]))
    save("dns", "ptr", dns_answer([dns_record(12, dns_name("host.example"))], kind=12,
                                  name="1.2.0.192.in-addr.arpa"))
    save("dns", "ptr-bad", dns_answer([dns_record(12, b"\x3fab")], kind=12))
    save("dns", "longest", dns_answer([a], name=".".join(["a" * 63] * 3 + ["b" * 61])))


HTTP_FIELDS = {
    "space-before-colon": b"Content-Length : 5",
    "tab-before-colon": b"Host\t: x",
    "no-colon": b"nothing",
    "no-name": b": x",
    "folded": b"A: b\r\n c",
    "folded-host": b"\tHost: x",
    "bare-cr": b"A: b\rContent-Length: 5",
    "nul": b"A: b\0c",
    "control": b"A: \x01",
    "high": b"A: \xff\xfe",
    "bad-name": b"A[0]: b",
    "two-hosts": b"Host: y",
    "length-negative": b"Content-Length: -1",
    "length-plus": b"Content-Length: +5",
    "length-hex": b"Content-Length: 0x5",
    "length-empty": b"Content-Length:",
    "length-list": b"Content-Length: 5, 5",
    "length-huge": b"Content-Length: 99999999999999999999",
    "length-wraps": b"Content-Length: 4294967297",
    "length-int": b"Content-Length: 2147483648",
    "lengths-same": b"Content-Length: 5\r\nContent-Length: 5",
    "lengths-differ": b"Content-Length: 5\r\nContent-Length: 6",
    "length-and-coding": b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    "coding-and-length": b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    "coding-hidden": b"Transfer-Encoding: xchunked",
    "coding-vt": b"Transfer-Encoding: \x0bchunked",
    "coding-twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "coding-list": b"Transfer-Encoding: gzip, chunked",
    "expect": b"Expect: 100-continue\r\nContent-Length: 5",
    "expect-other": b"Expect: miracles",
    "long": b"A: " + b"x" * 9000,
    "many": b"\r\n".join(b"A%d: b" % i for i in range(400)),
}
HTTP_LINES = {
    "v09": b"GET /\r\n",
    "v09-post": b"POST /\r\n",
    "v10": b"GET / HTTP/1.0\r\n\r\n",
    "lf": b"GET / HTTP/1.1\nHost: x\n\n",
    "empty-lines": b"\r\n\n\r\nGET / HTTP/1.0\r\n\r\n",
    "cr-only": b"GET / HTTP/1.0\r\r",
    "cr-cr-lf": b"GET / HTTP/1.0\r\r\n\r\r\n",
    "no-host": b"GET / HTTP/1.1\r\n\r\n",
    "two-spaces": b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    "tab": b"GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n",
    "space-first": b" GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "v2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "v-many": b"GET / HTTP/1.11\r\nHost: x\r\n\r\n",
    "v-lower": b"GET / http/1.1\r\nHost: x\r\n\r\n",
    "method-unknown": b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    "method-put": b"PUT / HTTP/1.1\r\nHost: x\r\n\r\n",
    "method-bad": b"G\x7fT / HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-absolute": b"GET http://x/index.html?a HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-authority": b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-star": b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-dots": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-dots-escaped": b"GET /%2e%2e%2fetc HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-nul": b"GET /index.html%00.txt HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-escape-cut": b"GET /% HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-backslash": b"GET /\\..\\x HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-long": b"GET /" + b"x" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "target-endless": b"GET /" + b"x" * 10000,
    "tls": bytes.fromhex("16030100c8010000c40303") + bytes(range(100)),
    "cgi": b"GET /cgi?a=b&c&=d HTTP/1.1\r\nHost: x\r\n\r\n",
    "cgi-many": b"GET /cgi?" + b"&" * 40 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "ssi": b"GET /tags.shtml HTTP/1.1\r\nHost: x\r\n\r\n" * 2,
    "stream": b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n",
    "post": b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde",
    "post-manual": b"POST /p?m HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nabcdefg"
                   b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "post-none": b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "post-cut": b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc",
    "post-refused": b"POST /refuse-this HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET / ",
    "get-with-content": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 37\r\n\r\n"
                        b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    "chunked": b"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               b"5\r\nabcde\r\n0\r\n\r\n",
    "pipelined": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 20 + b"GET /none HTTP/1.0\r\n\r\n",
}


def http():
    """What clients send: most of it must be refused. One file is one connection."""
    for name, line in HTTP_LINES.items():
        save("http", name, line)
    for name, fields in HTTP_FIELDS.items():
        save("http", "field-" + name,
             b"POST /p HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n\r\nabcdeGET / HTTP/1.1\r\n\r\n")


if __name__ == "__main__":
    dns()
    http()
    parsers()
    parsers6()
    frames()
    frames6()
    tcp_options()
    dhcp()
    dhcps()
    tcp()
