#!/usr/bin/env python3
"""Every figure on the dashboard is true: the device's status is compared with what the other side,
the Linux kernel and programs on it, counted. (test_browser.py compares the page with the status.)

Status and the other side cannot be read at the same moment; so the other side is read before and
after, and the figure must lie between.
"""

import json
import re
import struct
import sys
import time

from newcomer import Device, Machine, PROGRAM, in_namespace
from netns import Daemon, expect, main, need_root, need_tools, pcapng_packets, ping_all, wait_for

OURS = "10.79.1.1"  # the kernel's
PREFIX6 = "fd79:1::"
DOMAIN = "figures.example"
MAC = "02:67:6f:73:01:01"

# Frames by hand: python3 -c ... DEVICE_MAC DEVICE_IP COUNT. Each kind is sent COUNT times.
BAD_FRAMES = """
import socket, struct, sys
mac, ip, count = bytes.fromhex(sys.argv[1].replace(":", "")), sys.argv[2], int(sys.argv[3])
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("tap0", 0))
ours = raw.getsockname()[4]
def checksum(data):
  data += bytes(len(data) % 2)
  total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
  while total >> 16:
    total = (total & 0xffff) + (total >> 16)
  return ~total & 0xffff
def ip4(proto, payload, wrong=0, version=0x45):
  head = struct.pack("!BBHHHBBH4s4s", version, 0, 20 + len(payload), 1, 0, 64, proto, 0,
                     socket.inet_aton("10.79.1.1"), socket.inet_aton(ip))
  head = head[:10] + struct.pack("!H", checksum(head) ^ wrong) + head[12:]
  return struct.pack("!H", 0x0800) + head + payload
def echo(wrong):
  body = struct.pack("!BBHHH", 8, 0, 0, 7, 7) + b"ping"
  return body[:2] + struct.pack("!H", checksum(body) ^ wrong) + body[4:]
frames = [
  ip4(17, struct.pack("!HHHH", 5, 9, 8, 0), wrong=1),      # IPv4 checksum
  ip4(17, struct.pack("!HHHH", 5, 9, 8, 0), version=0x65), # version 6 in IPv4
  ip4(17, struct.pack("!HHHH", 5, 7, 8, 0xbad)),           # UDP checksum
  ip4(1, echo(1)),                                         # ICMP checksum
  ip4(200, b"what"),                                       # no such protocol
  struct.pack("!H", 0x9999) + b"what",                     # no such EtherType
]
for frame in frames * count:
  raw.send(mac + ours + frame.ljust(60, bytes(1)))
"""
BAD_REASONS = ("IP4_BAD_CHECKSUM", "IP4_BAD_VERSION", "UDP_BAD_CHECKSUM", "ICMP_BAD_CHECKSUM",
               "IP4_NO_PROTO", "ETH_UNKNOWN_TYPE")

# Connections that stay: python3 -c ... DEVICE_IP COUNT BYTES. Says "ready", ends with its input.
CONNECTIONS = """
import socket, sys
ip, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
held = []
for i in range(count):
  s = socket.create_connection((ip, 7))
  s.settimeout(100)
  s.sendall(bytes(size))
  got = 0
  while got < size:
    got += len(s.recv(65536))
  held.append(s)
print("ready", flush=True)
import time
time.sleep(600)
"""

UDP = """
import socket, sys
ip, count = sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((ip, 7))
s.settimeout(100)
for i in range(count):
  s.send(bytes(100))
  assert s.recv(2000) == bytes(100)
"""


class Lab:
    """A kernel and the device at both ends of a TAP."""

    def __init__(self, label, *options):
        self.machine = Machine(label)
        self.options = options

    def __enter__(self):
        m = self.machine.__enter__()
        self.ns = m.namespace
        self.ns.add_tap("tap0", OURS + "/24")
        self.ns.ip("link", "set", "tap0", "address", MAC)
        self.ns.ip("addr", "add", f"{PREFIX6}1/64", "dev", "tap0", "nodad")
        self.leases = m.path("leases")
        self.daemon = Daemon(self.ns, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0",
                             "--interface=tap0", "--bind-dynamic", "--dhcp-authoritative",
                             "--dhcp-range=10.79.1.50,10.79.1.60,1h", "--dhcp-no-override",
                             f"--domain={DOMAIN}", "--enable-ra", "--ra-param=tap0,60,1200",
                             f"--dhcp-range={PREFIX6},ra-only,64,1h",
                             f"--dhcp-option=6,{OURS}", f"--dhcp-leasefile={self.leases}")
        self.begin = time.monotonic()
        self.device = Device(m, "--tap", "tap0", *self.options,
                             as_user=in_namespace(self.ns)).__enter__()
        self.url = re.search(r"http://([\d.]+)/", self.device.text)
        expect(self.url, self.device.text)
        self.ip = self.url.group(1)
        return self

    def __exit__(self, *what):
        self.device.__exit__(*what)
        self.daemon.__exit__(*what)
        self.machine.__exit__(*what)

    def status(self):
        return self.machine.status_at(self.url.group(0))

    def link(self, what="link"):
        """What the kernel says of the TAP."""
        return json.loads(self.ns.exec("ip", "-j", "-s", what, "show", "tap0"))[0]

    def kernel(self):
        """{"rx": {"bytes":, "packets":}, "tx": ...} of it."""
        return self.link()["stats64"]

    def python(self, code, *args):
        return self.ns.exec(sys.executable, "-c", code, *args, timeout=200)


def named(rows, name, key="name"):
    found = [r for r in rows if r[key] == name]
    expect(len(found) == 1, f"{len(found)} times {name} in {rows}")
    return found[0]


def counter(status, protocol, what):
    return named(status["protocols"], protocol)[what]


def drops(status):
    return {d["reason"].upper(): d["count"] for d in status["drops"]}


def tap_of(status):
    found = [i for i in status["interfaces"] if i["mac"]]
    expect(len(found) == 1, str(status["interfaces"]))
    return found[0]


def expect_between(low, figure, high, what):
    expect(low <= figure <= high, f"{what}: {figure} is not between {low} and {high}")


def check_interface(lab):
    before = lab.kernel()
    status = lab.status()
    after = lab.kernel()
    tap = tap_of(status)
    # What the kernel sent is still under way, but what the device counts has been sent.
    expect_between(before["tx"]["bytes"], tap["bytes_in"], after["tx"]["bytes"], "bytes in")
    expect_between(before["rx"]["bytes"], tap["bytes_out"], after["rx"]["bytes"], "bytes out")
    link = named(status["protocols"], "link")
    expect_between(before["tx"]["packets"], link["received"], after["tx"]["packets"], "frames in")
    expect_between(before["rx"]["packets"], link["sent"], after["rx"]["packets"], "frames out")
    seen = json.loads(lab.ns.exec("ip", "-j", "neigh", "show", lab.ip))[0]
    expect(tap["is_default"] and tap["is_up"] and tap["is_link_up"] and tap["gateway"] == OURS and
           tap["mac"] == seen["lladdr"] and tap["mtu"] == lab.link()["mtu"], f"{tap} {seen}")
    return status


def check_addresses(status):
    """IPv4's as the lease says (check_lease()), IPv6's as the kernel's dnsmasq advertises."""
    tap, lease = tap_of(status), status["dhcp"][0]
    four = [a for a in tap["addresses"] if a["family"] == 4]
    expect([(a["address"], a["prefix_len"], a["origin"], a["state"], a["valid_s"]) for a in four] ==
           [(lease["address"], 24, "dhcp", "preferred", lease["left_s"])], f"{four} {lease}")
    expect(any(a["origin"] == "link-local" and a["prefix_len"] == 64 and a["valid_s"] is None and
               a["address"].startswith("fe80::") for a in tap["addresses"]), str(tap))
    for a in tap["addresses"]:
        if a["origin"] in ("slaac", "temporary"):
            expect(a["address"].startswith(PREFIX6[:-1]) and a["prefix_len"] == 64 and
                   a["state"] in ("preferred", "tentative"), str(a))
            expect_between(3000, a["valid_s"], 3600, "seconds valid")
            expect_between(1, a["preferred_s"], 3600, "seconds preferred")


def has_slaac(status):
    return any(a["origin"] == "slaac" and a["state"] == "preferred"
               for a in tap_of(status)["addresses"])


def check_router(lab, status):
    addresses = lab.link("addr")["addr_info"]
    own = [f"{a['local']}%{tap_of(status)['index']}" for a in addresses
           if a["family"] == "inet6" and a["scope"] == "link"]
    routers = tap_of(status)["routers"]
    expect([r["address"] for r in routers] == own, f"{routers} {own}")
    expect_between(900, routers[0]["lifetime_s"], 1200, "router's lifetime")
    router = named(status["neighbors"], own[0], "address")
    expect(router["is_router"] and router["mac"] == MAC, str(router))


def uptimes(lab):
    """How much the uptime grew in two seconds, between the least and the most that it can be."""
    begin = time.monotonic()
    first = lab.status()["device"]["uptime_ms"]
    between = time.monotonic()
    time.sleep(2)
    later = time.monotonic()
    second = lab.status()["device"]["uptime_ms"]
    end = time.monotonic()
    expect(second <= (end - lab.begin) * 1000, f"{second} ms since {lab.begin}, now {end}")
    return (later - between) * 1000 - 2, second - first, (end - begin) * 1000 + 2


def check_uptime(lab):
    """The device's clock stands still while it does something: if it was not let to, once more."""
    wait_for(lambda: uptimes(lab), lambda seen: seen[0] <= seen[1] <= seen[2], 60)


def check_lease(lab, status):
    def words():
        with open(lab.leases, encoding="utf-8") as f:
            return f.read().split()[:4]
    expiry, mac, ip, name = wait_for(words, lambda w: len(w) == 4)  # written behind the answer
    lease = status["dhcp"][0]
    expect(lease["state"] == "bound" and lease["address"] == ip == lab.ip and
           lease["server"] == lease["gateway"] == OURS and name == status["hostname"] and
           status["dns"] == [OURS] and lease["domain"] == DOMAIN,
           f"{lease} {status['dns']} {mac} {ip} {name}")
    # dnsmasq's clock started when it answered, the device's when it asked.
    expect_between(-60, int(expiry) - time.time() - lease["left_s"], 60, "seconds left")
    expect_between(1400, lease["renew_s"], 1800, "renewal")
    expect_between(2750, lease["rebind_s"], 3150, "rebinding")


def check_neighbors(status):
    kernel = named(status["neighbors"], OURS, "address")
    expect(kernel["mac"] == MAC, str(kernel))


def test_configuration():
    need_root()
    need_tools("dnsmasq", "curl")
    with Lab("figures") as lab:
        ping_all(lab.ns, lab.ip)
        wait_for(lab.status, has_slaac, 120)
        status = check_interface(lab)
        check_lease(lab, status)
        check_addresses(status)
        check_router(lab, status)
        check_neighbors(status)
        check_uptime(lab)
        first = lab.machine.curl(lab.url.group(0) + "api/history.json")
        history = json.loads(first)
        expect(sum(history["bytes_in"]) <= lab.kernel()["tx"]["bytes"] and
               sum(history["bytes_out"]) <= lab.kernel()["rx"]["bytes"] and
               sum(history["bytes_out"]) > 0, first)


def test_pings_and_drops():
    need_root()
    need_tools("dnsmasq", "curl", "ping")
    with Lab("drops") as lab:
        before = lab.status()
        sent = 0
        while sent < 20:  # ping(8) may end before the last answer on a busy machine
            out = lab.ns.exec("ping", "-n", "-c", "10", "-i", "0.05", "-W", "20", lab.ip, check=False)
            expect("10 packets transmitted" in out, out)
            sent += 10
        lab.python(BAD_FRAMES, tap_of(before)["mac"], lab.ip, "7")
        pings = counter(before, "icmp", "received") + sent + 7
        status = wait_for(lab.status, lambda s: counter(s, "icmp", "received") >= pings and all(
            drops(s).get(r, 0) >= drops(before).get(r, 0) + 7 for r in BAD_REASONS))
        for reason in BAD_REASONS:
            expect(drops(status)[reason] - drops(before).get(reason, 0) == 7,
                   f"{reason}: {drops(status)}")
        # Those with a wrong checksum arrived, too.
        more = counter(status, "icmp", "received") - counter(before, "icmp", "received")
        expect(more == sent + 7, f"{more} echo requests, {sent} were sent")
        expect(counter(status, "icmp", "checksum_errors") == 7, str(status["protocols"]))
        lab.python(UDP, lab.ip, "25")
        udp = [e for e in lab.status()["echo"] if e["protocol"] == "udp"][0]
        expect(udp["served"] == 25 and udp["bytes_in"] == udp["bytes_out"] == 2500, str(udp))


def check_connections(lab, count, size):
    seen = set(re.findall(rf"{re.escape(OURS)}:(\d+) +{re.escape(lab.ip)}:7\b",
                          lab.ns.exec("ss", "-tnH", "state", "established")))
    status = lab.status()
    listed = [c for c in status["tcp"]["list"] if c["local_port"] == 7 and
              c["state"] == "established"]
    expect(len(seen) == count and {str(c["remote_port"]) for c in listed} == seen and
           all(c["remote"] == OURS and c["local"] == lab.ip and
               c["bytes_in"] == c["bytes_out"] == size for c in listed),
           f"{seen} {listed}")
    echo = [e for e in status["echo"] if e["protocol"] == "tcp"][0]
    expect(echo["served"] == echo["open"] == count and
           echo["bytes_in"] == echo["bytes_out"] == count * size, str(echo))
    return status, listed


def check_pools(status):
    """Connections and sockets are what the pools have given away, and all of them are listed."""
    states = [c["state"] for c in status["tcp"]["list"]]
    expect(status["tcp"]["total"] == len(states) and
           status["udp"]["total"] == len(status["udp"]["list"]), "totals")
    used = {p["name"]: p["used"] for p in status["pools"]}
    listening = states.count("listen")
    live = len([s for s in states if s not in ("listen", "time-wait", "syn-received")])
    expect(all(p["used"] <= p["max"] <= p["limit"] and p["failures"] == 0
               for p in status["pools"]), str(status["pools"]))
    expect(0 < status["heap"]["used"] <= status["heap"]["max"] and status["heap"]["failures"] == 0,
           str(status["heap"]))
    expect(used["TCP_PCB_LISTEN"] == listening and used["TCP_PCB"] == live and
           used["UDP_PCB"] == status["udp"]["total"], f"{states} {used}")


def test_connections():
    need_root()
    need_tools("dnsmasq", "curl", "ss")
    with Lab("conns", "--rtt", "30ms") as lab, \
         Daemon(lab.ns, sys.executable, "-c", CONNECTIONS, lab.ip, "5", "40000") as held:
        wait_for(held.output, lambda out: "ready" in out, 100)
        status, listed = check_connections(lab, 5, 40000)
        out = lab.ns.exec("ss", "-tinH", "state", "established", "dport", "=", ":7")
        mss = {int(n) for n in re.findall(r"advmss:(\d+)", out)}
        # Between the kernel's timestamps and ours: options in each segment.
        expect(all(c["srtt_us"] >= 29000 and c["cwnd"] >= c["mss"] > 0 and c["unread"] == 0 and
                   c["mss"] <= max(mss) <= c["mss"] + 12 for c in listed), f"{mss} {listed}")
        wait_for(lambda: check_connections(lab, 5, 40000)[1],
                 lambda now: all(c["unsent"] == c["unacked"] == 0 for c in now))
        check_pools(status)
        ports = sorted({c["local_port"] for c in status["tcp"]["list"] if c["state"] == "listen"})
        expect(ports == [7, 80, 5001], str(ports))
        held.stop()
        wait_for(lambda: [e["open"] for e in lab.status()["echo"] if e["protocol"] == "tcp"],
                 lambda opened: opened == [0])


def retransmissions(path, port):
    """Segments of the device to a port that carry what had been sent before."""
    count, end = 0, None
    for _, frame in pcapng_packets(path):
        if frame[12:14] != b"\x08\x00" or frame[23] != 6 or frame[30:34] != b"\x0a\x4f\x01\x01":
            continue
        tcp = frame[34:14 + int.from_bytes(frame[16:18], "big")]
        if int.from_bytes(tcp[:2], "big") != 7 or int.from_bytes(tcp[2:4], "big") != port:
            continue
        begin = int.from_bytes(tcp[4:8], "big")
        length = len(tcp) - (tcp[12] >> 4) * 4
        if length > 0:
            if end is not None and (begin - end) & 0x80000000:
                count += 1
            else:
                end = (begin + length) & 0xffffffff
    return count


def test_retransmits():
    """Ours lose on their way: what the device says to have sent again stands in the capture."""
    need_root()
    need_tools("dnsmasq", "curl", "ss")
    lab = Lab("again", "--loss", "5%", "--seed", "3")
    lab.options += ("--pcap", lab.machine.path("all.pcapng"))
    with lab:
        with Daemon(lab.ns, sys.executable, "-c", CONNECTIONS, lab.ip, "1", "300000") as held:
            wait_for(held.output, lambda out: "ready" in out, 100)
            status, listed = wait_for(lambda: check_connections(lab, 1, 300000),
                                      lambda seen: seen[1][0]["unacked"] == 0)
            expect(listed[0]["retransmits"] > 0, str(listed))
            held.stop()
        lab.device.end()
        again = retransmissions(lab.options[-1], listed[0]["remote_port"])
        expect(again == listed[0]["retransmits"], f"{again} were captured: {listed[0]}")


def whole_frames(path):
    """Of a capture that may still be written, and end in the middle of one."""
    try:
        for _, frame in pcapng_packets(path):
            yield frame
    except struct.error:
        pass


PROTOCOLS = ("arp", "ipv4", "icmp", "udp", "tcp")


def captured(lab, path):
    """{protocol: {"received":, "sent":}} of the frames in a capture."""
    counts = {p: {"received": 0, "sent": 0} for p in (*PROTOCOLS, "link")}
    own = bytes.fromhex(lab.mac.replace(":", ""))
    for frame in whole_frames(path):
        way = "sent" if frame[6:12] == own else "received"
        names = {b"\x08\x06": ["arp"], b"\x08\x00": ["ipv4"]}.get(frame[12:14], [])
        if names == ["ipv4"]:
            names += {1: ["icmp"], 6: ["tcp"], 17: ["udp"]}.get(frame[23], [])
        for name in ["link", *names]:
            counts[name][way] += 1
    return counts


def test_protocols():
    """Packets of each protocol stand in the capture."""
    need_root()
    need_tools("dnsmasq", "curl", "ping")
    lab = Lab("protocols")
    path = lab.machine.path("all.pcapng")
    lab.options += ("--pcap", path)
    with lab:
        lab.mac = tap_of(lab.status())["mac"]
        ping_all(lab.ns, lab.ip)
        lab.python(UDP, lab.ip, "9")
        wait_for(lambda: captured(lab, path)["udp"], lambda udp: udp["sent"] >= 9)
        before = captured(lab, path)
        status = lab.status()
        lab.device.end()
        after = captured(lab, path)
        for protocol in (*PROTOCOLS, "link"):
            for way in ("received", "sent"):
                expect_between(before[protocol][way], counter(status, protocol, way),
                               after[protocol][way], f"{protocol} {way}")


def test_iperf():
    need_root()
    need_tools("dnsmasq", "curl", "iperf")
    with Lab("iperf") as lab:
        out = lab.ns.exec("iperf", "-c", lab.ip, "-n", "3000000", "-y", "C", timeout=200)
        sent = max(int(line.split(",")[7]) for line in out.splitlines() if line.count(",") >= 8)
        status = wait_for(lab.status, lambda s: s["iperf"]["runs"] == 1)
        last = status["iperf"]["last"]
        expect(last["bytes"] == sent >= 3000000 and last["peer"] == OURS and
               last["direction"] == "in" and last["is_complete"], f"{out} {status['iperf']}")
        expect_between(1, last["duration_ms"], (time.monotonic() - lab.begin) * 1000, "duration")
        expect_between(8 * sent / (last["duration_ms"] + 1) - 1, last["kbit_s"],
                       8 * sent / max(last["duration_ms"] - 1, 0.1) + 1, "kbit/s")


if __name__ == "__main__":
    sys.exit(main([test_configuration, test_pings_and_drops, test_connections, test_retransmits,
                   test_protocols, test_iperf], program=PROGRAM, jobs=3))
