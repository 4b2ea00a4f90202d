#!/usr/bin/env python3
"""The Linux kernel and real programs against the stack over IPv6, on TAP in network namespaces."""

import contextlib
import re
import sys
import time

from netns import DEVICE6, STORM, Daemon, Namespace, main, need_root, need_tools, ping_all, python_in
from netns6 import (Device6, Lan, NO_DAD, Radvd, address, expect, expect_alive,
                    named_echo, one_link, wait_for)

PING_SIZES = (64, 512, 1452, 1453, 4000, 20000, 65000)
NS, NA, REDIRECT = 135, 136, 137
NA_SOLICITED = 0x40


def neighbor_of(ns, target):
    return ns.ip("-6", "neigh", "show", str(target))


def test_kernel_pings_the_stack():
    need_root()
    need_tools("ping")
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--address", "fd77::2/64") as device:
            for target in ("fd77::2", f"{device.linklocal()}%tap0"):
                for size in PING_SIZES:
                    ping_all(ns, "-6", "-s", str(size), target)
            expect(address("fd77::1") in device.table("neighbors"), device.ask("neighbors"))
            expect("lladdr" in neighbor_of(ns, "fd77::2"), ns.ip("-6", "neigh"))
            drops = device.counters("drops")
            expect(all(d == "IP6_NOT_FOR_US" for d in drops), str(drops))


def test_echo_requests_to_groups_are_not_answered():
    """LWIP_MULTICAST_PING is off: the kernel hears but itself."""
    need_root()
    need_tools("ping")
    with one_link() as ns, Device6(ns, "--tap", "tap0") as device:
        device.linklocal()
        out = ns.exec("ping", "-6", "-n", "-c", "3", "-i", "0.2", "-W", "5", "ff02::1%tap0",
                      check=False)
        expect(" 3 received" in out and "duplicates" not in out, out)
        wait_for(lambda: device.counters("drops"), lambda d: d.get("ICMP6_GROUP_ECHO") == 3)


REFUSED = """
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.settimeout(20)
s.connect(("fd77::2", 9))
s.send(b"x" * int(sys.argv[1]))
try:
    s.recv(10)
    sys.exit("something answered")
except ConnectionRefusedError:
    pass
"""

def test_closed_udp_port_is_refused():
    need_root()
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--address", "fd77::2/64") as device:
            python_in(ns, REFUSED, "1")
            python_in(ns, REFUSED, "3000")  # quoted as far as 1,280 bytes allow
            expect(device.counters("drops").get("UDP_NO_PORT") == 2, device.ask("drops"))


def two_links(a, b, *options):
    """A device between a, where it is opened, and b: tapa fd77:a::2, tapb fd77:b::2."""
    for ns in (a, b):
        for setting in NO_DAD:
            ns.sysctl(setting)
    a.add_tap("tapa")
    a.ip("addr", "add", "fd77:a::1/64", "dev", "tapa", "nodad")
    a.add_tap("tapb")
    device = Device6(a, "--tap", "tapa", "--address", "fd77:a::2/64", *options,
                     "--tap", "tapb", "--address", "fd77:b::2/64", *options)
    device.__enter__()
    a.ip("link", "set", "tapb", "netns", b.name)
    b.ip("link", "set", "tapb", "up")
    b.ip("addr", "add", "fd77:b::1/64", "dev", "tapb", "nodad")
    a.ip("route", "add", "fd77:b::/64", "via", "fd77:a::2")
    b.ip("route", "add", "fd77:a::/64", "via", "fd77:b::2")
    return device


def test_traceroute_through_and_to_the_stack():
    need_root()
    need_tools("traceroute")
    with Namespace("a") as a, Namespace("b") as b:
        device = two_links(a, b)
        try:
            # One probe at a time (-N 1): more would exceed the rate limit of errors.
            out = a.exec("traceroute", "-6", "-N", "1", "-n", "-w", "20", "-q", "2", "fd77:b::1")
            hops = re.findall(r"^ ?\d+  ([0-9a-f:]+)", out, re.M)
            expect(hops == ["fd77:a::2", "fd77:b::1"], out)
            out = a.exec("traceroute", "-6", "-N", "1", "-n", "-w", "20", "-q", "2", "fd77:a::2")
            expect(re.findall(r"^ ?\d+  (\S+)", out, re.M) == ["fd77:a::2"], out)
            out = a.exec("traceroute", "-6", "-I", "-N", "1", "-n", "-w", "20", "-q", "2", "fd77:b::1")
            expect(re.findall(r"^ ?\d+  (\S+)", out, re.M) == ["fd77:a::2", "fd77:b::1"], out)
            expect_alive(a, "fd77:a::2")
            ping_all(a, "-6", "-s", "4000", "fd77:b::1")
        finally:
            device.__exit__(*sys.exc_info())


def test_the_stack_as_router_reports_narrow_links():
    """A packet too long for the link it leaves by: the kernel learns the path MTU from us."""
    need_root()
    need_tools("ping")
    with Namespace("a") as a, Namespace("b") as b:
        device = two_links(a, b)
        try:
            a.ip("link", "set", "tapa", "mtu", "1500")
            # b's own advertisement makes the link of tapb narrow for the device.
            with Radvd(b, "AdvLinkMTU 1400; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;", "tapb"):
                wait_for(lambda: device.ask("mtu fd77:b::1 1"), lambda m: m == "1400")

                def route():
                    a.exec("ping", "-6", "-n", "-M", "do", "-c", "1", "-W", "2", "-s", "1452",
                           "fd77:b::1", check=False)
                    return a.ip("-6", "route", "get", "fd77:b::1")
                wait_for(route, lambda r: "mtu 1400" in r)
                ping_all(a, "-6", "-s", "1452", "fd77:b::1", count=3)
        finally:
            device.__exit__(*sys.exc_info())


@contextlib.contextmanager
def behind_a_narrow_link():
    """A host, fd77:f::2, whose router fd77::1 has a link of 1,300 bytes to it."""
    with Lan() as lan:
        router = lan.host("r", "fd77::1/64", forwards=True)
        far = lan.stack.enter_context(Namespace("far"))
        far.sysctl("net.ipv6.conf.all.accept_dad=0")
        router.ip("link", "add", "narrow", "type", "veth", "peer", "name", "eth0", "netns", far.name)
        router.ip("link", "set", "narrow", "mtu", "1300", "up")
        far.ip("link", "set", "eth0", "mtu", "1300", "up")
        router.ip("addr", "add", "fd77:f::1/64", "dev", "narrow", "nodad")
        far.ip("addr", "add", "fd77:f::2/64", "dev", "eth0", "nodad")
        far.ip("route", "add", "default", "via", "fd77:f::1")
        yield lan, far


# Asks until the answer comes.
LONG_ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.settimeout(1)
for i in range(10):
    try:
        s.sendto(b"x" * int(sys.argv[1]), ("fd77::2", 7))
        assert len(s.recv(2000)) == int(sys.argv[1])
        break
    except TimeoutError:
        if i == 9:
            raise
"""


def test_the_stack_learns_the_path_mtu():
    """A router with a narrow link behind it says "packet too big" about our echo."""
    need_root()
    need_tools("ping")
    with behind_a_narrow_link() as (lan, far):
        with Device6(lan.bridge, "--tap", "tap0", "--address", "fd77::2/64") as device:
            device.do("route ::/0 fd77::1")
            expect(device.ask("mtu fd77:f::2") == "1500", "path MTU before")
            # Comes in fragments of 1,300 bytes; goes back in one piece until the router complains.
            python_in(far, LONG_ECHO, "1400")
            expect(device.ask("mtu fd77:f::2") == "1300", device.ask("mtu fd77:f::2"))
            expect_alive(far, "fd77::2")


def test_long_pings_from_behind_a_narrow_link():
    """The router's errors about our echo replies are believed: soon none is lost any more."""
    need_root()
    need_tools("ping")
    with behind_a_narrow_link() as (lan, far):
        with Device6(lan.bridge, "--tap", "tap0", "--address", "fd77::2/64") as device:
            device.do("route ::/0 fd77::1")
            for size in ("1200", "1400", "4000"):
                ping_all(far, "-6", "-s", size, "fd77::2")
            expect(device.ask("mtu fd77:f::2") == "1300", device.ask("mtu fd77:f::2"))


def test_the_kernel_probes_the_stack():
    """Neighbor unreachability detection, the kernel's: our answers bring REACHABLE back."""
    need_root()
    need_tools("ping")
    with one_link("fd77::1/64") as ns:
        for setting in ("base_reachable_time_ms=2000", "delay_first_probe_time=1",
                        "retrans_time_ms=1000", "gc_stale_time=60"):
            ns.sysctl("net.ipv6.neigh.tap0." + setting)
        with Device6(ns, "--tap", "tap0", "--address", "fd77::2/64") as device:
            expect_alive(ns, "fd77::2")
            wait_for(lambda: neighbor_of(ns, "fd77::2"), lambda n: "STALE" in n)
            with device.captured() as packets:
                def probed():
                    ns.exec("ping", "-6", "-n", "-c", "1", "-W", "5", "fd77::2", check=False)
                    return neighbor_of(ns, "fd77::2")
                wait_for(probed, lambda n: "DELAY" in n or "PROBE" in n, 60)
                # Reachable for a second or more, for which a busy machine may look elsewhere.
                wait_for(lambda: neighbor_of(ns, "fd77::2"),
                         lambda n: "REACHABLE" in n or "STALE" in n)
            probes = [p for p in packets if p.icmp_type == NS and not p.is_out
                      and p.dst == address("fd77::2")]
            answers = [p for p in packets if p.icmp_type == NA and p.is_out
                       and p.target == address("fd77::2") and p.payload[4] & NA_SOLICITED]
            expect(probes and answers and all(p.hop_limit == 255 for p in answers),
                   f"{len(probes)} probes, {len(answers)} answers")


def test_the_stack_probes_the_kernel():
    """Ours: the kernel sees a unicast solicitation; when it answers no more we notice."""
    need_root()
    need_tools("radvd")
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--address", "fd77::2/64") as device, \
                Radvd(ns, "MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvReachableTime 1000;"
                          "AdvRetransTimer 500;", "tap0"):
            device.wait_for("routers", bool)
            python_in(ns, "import socket, sys\n"
                          "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
                          "s.sendto(b'x', ('fd77::2', 7))\n")
            kernel = address("fd77::1")

            def state():
                return device.table("neighbors").get(kernel, [""])[0]
            # Reachable it is for a second or so, for which a busy machine may look elsewhere.
            wait_for(state, lambda s: s == "STALE")
            with device.captured() as packets:
                device.do("send fd77::1 9 x")
                wait_for(state, lambda s: s in ("REACHABLE", "STALE"))
            probes = [p for p in packets if p.icmp_type == NS and p.is_out and p.dst == kernel]
            expect(probes and all(p.target == kernel and p.hop_limit == 255 for p in probes),
                   f"{len(probes)} probes")
            wait_for(state, lambda s: s == "STALE", 30)
            unreachable = device.counters("events")["unreachable"]
            ns.ip("addr", "del", "fd77::1/64", "dev", "tap0")
            device.do("send fd77::1 9 x")
            wait_for(lambda: device.counters("events"),
                     lambda e: e["unreachable"] > unreachable, 30)


def test_the_kernel_redirects_the_stack():
    """The router sends our packet back to the link that it came from, and says so."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        router = lan.host("r", "fd77::1/64", forwards=True)
        host = lan.host("h", "fd77:1::9/64")
        router.ip("route", "add", "fd77:1::/64", "dev", "eth0")
        host.ip("route", "add", "fd77::/64", "dev", "eth0")
        with Radvd(router, "MinRtrAdvInterval 3; MaxRtrAdvInterval 4;"
                           "prefix fd77::/64 { AdvOnLink off; AdvAutonomous on; };"), \
                named_echo(host, "host"), \
                Device6(lan.bridge, "--tap", "tap0") as device:
            device.slaac("fd77::/64")
            with device.captured() as packets:
                def ask():
                    device.do("send fd77:1::9 7777 x")
                    time.sleep(0.3)
                    return device.ask("neighbors")
                # Redirected: the host itself is a neighbour now.
                wait_for(ask, lambda n: address("fd77:1::9") in device.table("neighbors"))
                wait_for(lambda: device.ask("received"), lambda r: "host," in r)
                ask()
            redirects = [p for p in packets if p.icmp_type == REDIRECT]
            expect(redirects and not redirects[0].is_out, f"{len(redirects)} redirects")
            host_mac = host.exec("cat", "/sys/class/net/eth0/address").strip()
            asked = [p for p in packets if p.is_out and p.dst == address("fd77:1::9")
                     and p.next_header == 17]
            macs = [p.frame[:6].hex(":") for p in asked]
            expect(macs[0] != host_mac and macs[-1] == host_mac, str(macs))


def test_the_stack_redirects_the_kernel():
    """We are the router; the destination is on the kernel's own link, and it believes us."""
    need_root()
    with Lan() as lan:
        host = lan.host("h", "fd77::1/128")
        other = lan.host("o", "fd77::9/64")
        other.ip("route", "add", "fd77::1/128", "dev", "eth0")
        with Device6(lan.bridge, "--tap", "tap0", "--address", "fd77::2/64") as device:
            router = device.linklocal()
            host.ip("route", "add", "default", "via", str(router), "dev", "eth0")
            with device.captured() as packets:
                wait_for(lambda: host.exec("ping", "-6", "-n", "-c", "1", "-W", "2", "fd77::9",
                                           check=False), lambda out: " 1 received" in out)

                def route():
                    host.exec("ping", "-6", "-n", "-c", "1", "-W", "2", "fd77::9", check=False)
                    return host.ip("-6", "route", "get", "fd77::9")
                wait_for(route, lambda r: "via" not in r or "via fd77::9" in r)
            redirects = [p for p in packets if p.icmp_type == REDIRECT and p.is_out]
            expect(redirects and redirects[0].src == router
                   and redirects[0].dst == address("fd77::1")
                   and redirects[0].target == address("fd77::9"), f"{len(redirects)} redirects")


def test_duplicate_address_of_the_kernel():
    """Ours is tentative, the kernel has it: we do not use it, and the kernel keeps it."""
    need_root()
    with one_link("fd77::1/64", "fd77::5/64") as ns:
        with Device6(ns, "--tap", "tap0") as device:
            device.linklocal()
            device.do("address fd77::5/64 dad")
            device.do("address fd77::6/64 dad")
            device.wait_for("addresses", lambda t: t[address("fd77::6")][0] == "preferred")
            device.wait_for("addresses", lambda t: t[address("fd77::5")][0] == "duplicated")
            expect(device.counters("events")["duplicate"] == 1, device.ask("events"))
            out = ns.ip("-6", "addr", "show", "dev", "tap0")
            expect("fd77::5/64" in out and "dadfailed" not in out, out)
            expect_alive(ns, "fd77::6")


def test_duplicate_address_of_the_stack():
    """The kernel's is tentative, we have it: we defend it."""
    need_root()
    with one_link("fd77::1/64") as ns:
        ns.sysctl("net.ipv6.conf.tap0.accept_dad=1")
        ns.sysctl("net.ipv6.conf.tap0.dad_transmits=2")
        with Device6(ns, "--tap", "tap0", "--address", "fd77::5/64") as device:
            device.linklocal()
            ns.ip("addr", "add", "fd77::5/64", "dev", "tap0")
            ns.ip("addr", "add", "fd77::6/64", "dev", "tap0")

            def line(a):
                out = ns.ip("-6", "addr", "show", "dev", "tap0")
                return next((part for part in out.split("\n") if a in part), "")
            wait_for(lambda: line("fd77::5"), lambda text: "dadfailed" in text)
            wait_for(lambda: line("fd77::6"), lambda text: text and "tentative" not in text)
            expect(device.table("addresses")[address("fd77::5")][0] == "preferred",
                   device.ask("addresses"))
            ns.ip("addr", "del", "fd77::5/64", "dev", "tap0")
            expect_alive(ns, "fd77::5")


def test_both_look_for_duplicates_at_once():
    """At most one of two that want the same address has it in the end."""
    need_root()
    with one_link("fd77::1/64") as ns:
        ns.sysctl("net.ipv6.conf.tap0.accept_dad=1")
        ns.sysctl("net.ipv6.conf.tap0.dad_transmits=3")
        with Device6(ns, "--tap", "tap0") as device:
            device.linklocal()
            ns.ip("addr", "add", "fd77::5/64", "dev", "tap0")
            device.do("address fd77::5/64 dad")

            def ours():
                return device.table("addresses")[address("fd77::5")][0]

            def theirs():
                return next((part for part in ns.ip("-6", "addr", "show", "dev", "tap0").split("\n")
                             if "fd77::5" in part), "")
            wait_for(ours, lambda state: state != "tentative")
            wait_for(theirs, lambda text: "tentative" not in text or "dadfailed" in text)
            expect(ours() == "duplicated" or "dadfailed" in theirs(), f"{ours()}, {theirs()}")


# Sends every frame that the stack sends to a group back to it, until it is killed.
REFLECT = """
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
s.bind(("tap0", 0x86dd))
print("ready", flush=True)
while True:
    frame, about = s.recvfrom(2000)
    if about[2] == socket.PACKET_MULTICAST:
        s.send(frame)
"""


def test_own_frames_that_come_back_are_no_duplicate():
    """A loop in the network: as long as it lasts probes go on, then the address is used (RFC 7527)."""
    need_root()
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--address", "fd77::2/64") as device:
            device.linklocal()
            # The loop is to be faster than a second, whatever else runs.
            with Daemon(ns, "nice", "-n", "-15", sys.executable, "-c", REFLECT) as reflector:
                wait_for(reflector.output, lambda out: "ready" in out)
                for _ in range(5):  # on a machine that stood still for a second they came too late
                    with device.captured() as packets:
                        device.do("address fd77::7/64 dad")
                        time.sleep(4)
                    if device.table("addresses")[address("fd77::7")][0] != "preferred":
                        break
                    device.do("unaddress fd77::7")
                expect(device.table("addresses")[address("fd77::7")][0] == "tentative",
                       device.ask("addresses"))
                looped = [p for p in packets if p.icmp_type == NS and not p.is_out
                          and p.target == address("fd77::7")]
                expect(len(looped) > 1, f"{len(looped)} probes came back")
            device.wait_for("addresses", lambda t: t[address("fd77::7")][0] == "preferred")
            expect(device.counters("events")["duplicate"] == 0, device.ask("events"))
            expect_alive(ns, "fd77::7")


def test_rdisc6_decodes_our_advertisements():
    need_root()
    need_tools("rdisc6")
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0") as device:
            router = device.linklocal()
            device.do("advertise fd77:0:0:5::")
            # Exit status 2: more answers were waited for than came.
            out = wait_for(lambda: ns.exec("rdisc6", "-1", "-r", "1", "-w", "3000", "tap0",
                                           check=False), lambda text: "from" in text)
            # `Prefix : fd77:0:0:5::/64` and so on, whatever the spaces
            lines = [re.sub(r"\s+", " ", line).strip() for line in out.split("\n")]
            for wanted in ("Hop limit : 61 ( 0x3d)", "Stateful other conf. : Yes",
                           "Stateful address conf. : No", "Router preference : high",
                           "Router lifetime : 1800 (0x00000708) seconds",
                           "Reachable time : 25000 (0x000061a8) milliseconds",
                           "Retransmit time : 1500 (0x000005dc) milliseconds",
                           "Prefix : fd77:0:0:5::/64", "On-link : Yes",
                           "Autonomous address conf.: Yes",
                           "Valid time : 7200 (0x00001c20) seconds",
                           "Pref. time : 3600 (0x00000e10) seconds",
                           "Route : fd79::/48", "Route preference : low",
                           "Route lifetime : 900 (0x00000384) seconds",
                           "MTU : 1420 bytes (valid)",
                           "Recursive DNS server : fd77::53", "Recursive DNS server : fd77::54",
                           "DNS servers lifetime : 1200 (0x000004b0) seconds",
                           "DNS search list : lab.test corp.example.test",
                           "DNS search list lifetime: 1200 (0x000004b0) seconds",
                           f"from {router}"):
                expect(wanted in lines, f"{wanted} is not in\n{out}")


def test_the_kernel_configures_itself_by_our_advertisements():
    need_root()
    with one_link() as ns:
        ns.sysctl("net.ipv6.conf.tap0.accept_ra=1")
        with Device6(ns, "--tap", "tap0") as device:
            router = device.linklocal()
            device.do("advertise fd77:0:0:5::")
            out = wait_for(lambda: ns.ip("-6", "addr", "show", "dev", "tap0", "scope", "global"),
                           lambda text: "fd77::5:" in text)
            expect(re.search(r"valid_lft (7200|71\d\d)sec preferred_lft (3600|3[45]\d\d)sec", out),
                   out)
            routes = wait_for(lambda: ns.ip("-6", "route"), lambda text: "default via" in text)
            default = next(line for line in routes.split("\n") if line.startswith("default"))
            expect(f"via {router}" in default and "pref high" in default and "hoplimit 61" in default
                   and ("mtu 1420" in default), default)
            expect("25000" in ns.exec("sysctl", "net.ipv6.neigh.tap0.base_reachable_time_ms"),
                   "reachable time")
            device.do("address fd77:0:0:5::2/64")
            expect_alive(ns, "fd77:0:0:5::2")
            device.do("advertise-stop")
            wait_for(lambda: ns.ip("-6", "route"), lambda text: "default via" not in text)


def test_udp_echoes_with_fragments():
    need_root()
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--address", "fd77::2/64") as device:
            out = ns.exec(STORM, "fd77::2", "7", "200000", timeout=200, check=False)
            expect(out.startswith("200000 echoed"), out)
            print("# " + out.strip())
            drops = device.counters("drops")
            expect(all(d == "IP6_NOT_FOR_US" for d in drops), str(drops))


def test_a_resting_stack_has_no_memory_in_use():
    """After pings, fragments and errors, all is given back; neighbours rest without timers."""
    need_root()
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--manual", "--address", "fd77::2/64") as device:
            device.linklocal()
            expect_alive(ns, "fd77::2")
            before = wait_for(lambda: device.ask("memory"), lambda m: m.endswith("timers=0"), 60)
            for _ in range(20):
                expect_alive(ns, "fd77::2", count=5)
            python_in(ns, REFUSED, "3000")
            wait_for(lambda: device.ask("memory"), lambda after: after == before, 60)


if __name__ == "__main__":
    sys.exit(main([
        test_kernel_pings_the_stack,
        test_echo_requests_to_groups_are_not_answered,
        test_closed_udp_port_is_refused,
        test_traceroute_through_and_to_the_stack,
        test_the_stack_as_router_reports_narrow_links,
        test_the_stack_learns_the_path_mtu,
        test_long_pings_from_behind_a_narrow_link,
        test_the_kernel_probes_the_stack,
        test_the_stack_probes_the_kernel,
        test_the_kernel_redirects_the_stack,
        test_the_stack_redirects_the_kernel,
        test_duplicate_address_of_the_kernel,
        test_duplicate_address_of_the_stack,
        test_both_look_for_duplicates_at_once,
        test_own_frames_that_come_back_are_no_duplicate,
        test_rdisc6_decodes_our_advertisements,
        test_the_kernel_configures_itself_by_our_advertisements,
        test_udp_echoes_with_fragments,
        test_a_resting_stack_has_no_memory_in_use,
    ], program=DEVICE6, jobs=4))
