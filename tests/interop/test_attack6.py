#!/usr/bin/env python3
"""Attack tools for IPv6, thc-ipv6 and ipv6toolkit: afterwards the stack works as before.

"As before" is: it answers pings and UDP, uses as much memory and as many timers, holds no more
neighbours, routers and addresses than its limits, and can be reached by a new address.
"""

import contextlib
import sys
import time

from netns import DEVICE6, Daemon, Failure, Namespace, main, need_root, need_tools, wait_for
from netns6 import Device6, Lan, Radvd, address, expect, expect_alive, one_link
from test_kernel6 import two_links

NEIGHBORS_MAX = 64  # what config/host.h says
ELEMENT_BYTES_MAX = 400  # of a pool whose elements come from the heap: a group with its filter
ADDRESSES_MAX = 8
REASSEMBLY_S = 75  # incomplete datagrams are given up after 60 s


@contextlib.contextmanager
def target():
    """(namespace, device): a stack that rests, and must be as it was when the block is over."""
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--manual", "--address", "fd77::2/64") as device:
            linklocal = device.linklocal()
            expect_alive(ns, "fd77::2")
            before = resting(device)
            yield ns, device
            recovers(ns, "fd77::2")
            recovers(ns, f"{linklocal}%tap0")
            expect(len(device.table("neighbors")) <= NEIGHBORS_MAX, device.ask("neighbors"))
            expect({str(a) for a in device.table("addresses")} == {"fd77::2", str(linklocal)},
                   device.ask("addresses"))
            device.do("address fd77::22/64 dad")
            device.wait_for("addresses", lambda t: t[address("fd77::22")][0] == "preferred")
            recovers(ns, "fd77::22")
            device.do("unaddress fd77::22")
            wait_for(lambda: device.ask("memory"), lambda after: after == before, REASSEMBLY_S)


def resting(device):
    """Memory once nothing is under way."""
    return wait_for(lambda: device.ask("memory"), lambda m: m.endswith("timers=0"), 60)


def recovers(ns, where, seconds=40):
    """The attack may have filled queues on the way, the kernel's too: soon all is well again."""
    end = time.monotonic() + seconds
    while True:
        try:
            expect_alive(ns, where)
            return
        except Failure as why:
            expect(time.monotonic() < end, f"{where} does not work any more: {why}")


def attack(ns, *command, seconds=3):
    """Run it that long at most; tools that never end are ended. Returns what it said."""
    return ns.exec("timeout", "-k", "2", str(seconds), *command, timeout=seconds + 20, check=False)


# Verdicts of implementation6 that have to be "PASSED - we got a reply".
ANSWERED = {1, 5, 7, 11, 12, 18, 22, 24, 25, 26, 27, 41}
# And those where a reply would be wrong: see RFC 8200 4.5, RFC 5722, RFC 4861 7.1.1, RFC 4443 2.4.
UNANSWERED = {10, 13, 34, 36, 40, 42, 51, 52, 53, 54, 55, 57}
CASES, PARTS = 58, 6


def verdict(ns, case):
    out = attack(ns, "atk6-implementation6", "-p", "tap0", "fd77::2", str(case), seconds=30)
    line = next((t for t in out.split("\n") if t.startswith(f"Test {case:2}:")), None)
    expect(line is not None, out)
    return line


def implementation6(part):
    def test():
        need_root()
        need_tools("atk6-implementation6")
        with target() as (ns, _):
            for case in range(1 + part, CASES, PARTS):  # 0 would be all of them
                line = verdict(ns, case)
                if case in ANSWERED:
                    expect("PASSED" in line or "PASSED" in verdict(ns, case), line)
                if case in UNANSWERED:
                    expect("no reply" in line, line)
    test.__name__ = f"test_implementation6_part_{part + 1}_of_{PARTS}"
    return test


def test_fragments():
    need_root()
    need_tools("frag6", "atk6-fragmentation6")
    with target() as (ns, device):
        out = attack(ns, "frag6", "-i", "tap0", "-d", "fd77::2", "--frag-id-policy", seconds=30)
        expect("Fragment ID policy" in out and "Global" not in out and "equal" not in out, out)
        attack(ns, "frag6", "-i", "tap0", "-d", "fd77::2", "--flood-frags", "500", "-l", "-z", "1")
        # First fragments of packets that never get whole: what they may hold is bounded.
        attack(ns, "frag6", "-i", "tap0", "-d", "fd77::2", "-s", "fd77::/64", "--flood-frags",
               "2000", "-O", "first", "-P", "1000", "-l", "-z", "1")
        expect(device.counters("memory")["heap"] < 2_000_000, device.ask("memory"))
        attack(ns, "frag6", "-i", "tap0", "-d", "fd77::2", "--pod-attack", seconds=5)
        for kind in ("first", "last", "middle", "atomic"):
            attack(ns, "frag6", "-i", "tap0", "-d", "fd77::2", "-O", kind, "-P", "100", "-I", "7")
        attack(ns, "atk6-fragmentation6", "-f", "-p", "tap0", "fd77::2", seconds=20)


def test_fragment_reassembly_policy():
    need_root()
    need_tools("frag6")
    with target() as (ns, device):
        out = attack(ns, "frag6", "-i", "tap0", "-d", "fd77::2", "--frag-reass-policy", seconds=75)
        expect("copy" not in out.lower(), out)  # overlapping fragments are never reassembled
        expect(device.counters("drops")["FRAG6_OVERLAP"] >= 5, device.ask("drops"))


def test_neighbor_discovery_floods():
    need_root()
    need_tools("ns6", "na6", "rs6", "rd6", "atk6-flood_solicitate6")
    with target() as (ns, device):
        mac = ns.exec("cat", "/sys/class/net/tap0/address").strip()
        to = device.table("neighbors")[address("fd77::1")][1]
        expect(to == mac, f"{to} is not {mac}")
        own = ns.ip("-6", "neigh", "show", "fd77::2").split("lladdr ")[1].split()[0]
        link = ["-i", "tap0", "-D", own]
        loop = ["-l", "-z", "1"]
        attack(ns, "ns6", *link, "-d", "fd77::2", "-s", "fd77::/64", "-t", "fd77::2", "-F", "200",
               "-e", *loop)
        attack(ns, "ns6", *link, "-d", "fd77::2", "-s", "fe80::/64", "-t", "fd77::2", "-T", "200",
               "-e", *loop)
        attack(ns, "na6", *link, "-d", "fd77::2", "-s", "fd77::/64", "-t", "fd77::/64", "-T", "200",
               "-e", "-o", "-c", *loop)
        attack(ns, "na6", *link, "-d", "fd77::2", "-s", "fd77::1", "-t", "fd77::2", "-e", "-o",
               *loop)
        attack(ns, "rs6", *link, "-d", "fd77::2", "-s", "fe80::/64", "-F", "200", "-e", *loop)
        attack(ns, "rd6", *link, "-d", "fd77::2", "-s", "fe80::1", "-r", "fd99::/64", "-t",
               "fe80::66", "-n", "-R", "200", *loop)
        for header in (["-y", "100"], ["-u", "200"], ["-U", "200"], ["-H", "200"]):
            attack(ns, "ns6", *link, "-d", "fd77::2", "-s", "fd77::66", "-t", "fd77::2", "-e",
                   *header, *loop, seconds=2)
        for tool in (["atk6-flood_solicitate6", "tap0", "fd77::2", "fd77::2"],
                     ["atk6-flood_advertise6", "tap0", "fd77::2"],
                     ["atk6-flood_redir6", "tap0", "fd77::2"]):
            attack(ns, *tool, seconds=2)
        expect(len(device.table("neighbors")) <= NEIGHBORS_MAX, device.ask("neighbors"))
        # na6 made the kernel's address look like somebody else's: it is asked again and found.
        recovers(ns, "fd77::2", 30)


def test_icmp_errors():
    need_root()
    need_tools("icmp6", "jumbo6", "atk6-flood_unreach6")
    with target() as (ns, device):
        link = ["-i", "tap0", "-d", "fd77::2"]
        for error in (["--icmp6-packet-too-big", "-m", "1280"], ["--icmp6-packet-too-big", "-m", "0"],
                      ["--icmp6-dest-unreach", "0"], ["--icmp6-time-exceeded", "0"],
                      ["--icmp6-param-problem", "0", "-O", "40"]):
            for payload in ("TCP", "UDP", "ICMP6"):
                attack(ns, "icmp6", *link, *error, "-p", payload, "-x", "fd77::1", "-l", "-z", "1",
                       seconds=2)
        expect(device.ask("mtu fd77::1") == "1500", device.ask("mtu fd77::1"))
        attack(ns, "jumbo6", *link, "-q", "0", "-Q", "100000", seconds=5)
        attack(ns, "jumbo6", *link, "-q", "100", "-Q", "60", seconds=5)
        attack(ns, "atk6-flood_unreach6", "tap0", "fd77::2", seconds=2)
        attack(ns, "atk6-flood_unreach6", "-R", "-p", "tap0", "fd77::2", seconds=2)
        attack(ns, "atk6-randicmp6", "-p", "tap0", "fd77::2", seconds=20)


def test_known_exploits():
    need_root()
    need_tools("atk6-denial6", "atk6-exploit6")
    with target() as (ns, _):
        for case in range(1, 8):
            attack(ns, "atk6-denial6", "tap0", "fd77::2", str(case), seconds=2)
        attack(ns, "atk6-exploit6", "tap0", "fd77::2", seconds=40)


def fuzz_ip6(part):
    kinds = (["-1", "-I"], ["-1", "-F", "-x"], ["-1", "-S", "-D", "-H", "-R"], ["-1", "-J"], ["-2"],
             ["-3"], ["-5", "-R"], ["-6"], ["-7"], ["-8"], ["-9"], ["-0"], ["-X"])[part::2]

    def test():
        need_root()
        need_tools("atk6-fuzz_ip6")
        with target() as (ns, _):
            for kind in kinds:
                attack(ns, "atk6-fuzz_ip6", "-a", *kind, "tap0", "fd77::2", seconds=4)
    test.__name__ = f"test_fuzz_ip6_part_{part + 1}_of_2"
    return test


def test_multicast_listener_floods():
    need_root()
    need_tools("atk6-flood_mld26", "atk6-fake_mldrouter6")
    with target() as (ns, device):
        device.do("join ff0e::1234")
        for tool in (["atk6-flood_mld6", "tap0"], ["atk6-flood_mld26", "tap0"],
                     ["atk6-flood_mldrouter6", "tap0"],
                     ["atk6-fake_mldrouter6", "-l", "tap0", "advertise"]):
            attack(ns, *tool, seconds=2)
        device.do("leave ff0e::1234")


def test_neighbor_cache_exhaustion_through_the_stack():
    """We are the router of a link that is scanned: its one host is reached all the same."""
    need_root()
    need_tools("atk6-ndpexhaust26")
    with Namespace("a") as a, Namespace("b") as b:
        device = two_links(a, b, "--manual")
        try:
            before = resting(device)
            attack(a, "atk6-ndpexhaust26", "-p", "tapa", "fd77:b::/64", seconds=5)
            expect(len(device.table("neighbors")) <= NEIGHBORS_MAX, device.ask("neighbors"))
            wait_for(lambda: a.exec("ping", "-6", "-n", "-c", "1", "-W", "2", "fd77:b::1",
                                    check=False), lambda out: " 1 received" in out)
            recovers(a, "fd77:a::2")
            wait_for(lambda: device.ask("memory"), lambda after: after == before, 60)
        finally:
            device.__exit__(*sys.exc_info())


def test_router_advertisement_floods():
    """Forged routers and prefixes up to the limits; the true ones go on to work."""
    need_root()
    need_tools("radvd", "ra6", "atk6-flood_router26", "atk6-fake_router26", "atk6-kill_router6")
    with Lan() as lan:
        router = lan.host("r", "fd77::1/64", forwards=True)
        bad = lan.host("bad", "fd77::bad/64")
        router.sysctl("net.ipv6.ip6frag_time=3")  # the flood's fragments fill its memory as well
        config = ("MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultPreference high;"
                  "prefix fd77::/64 { AdvOnLink on; AdvAutonomous on; };")
        with Radvd(router, config), Device6(lan.bridge, "--tap", "tap0") as device:
            mine, _ = device.slaac("fd77::/64")
            true_router = next(iter(device.table("routers")))
            pools = device.counters("memory")
            link = ["-i", "eth0", "-d", "ff02::1", "-e", "-t", "1800", "-l", "-z", "1"]
            attack(bad, "ra6", *link, "-s", "fe80::/64", "-F", "100", "-f", "20", "-w", "10", "-W",
                   "5", seconds=4)
            attack(bad, "ra6", *link, "-s", "fe80::bad", "-M", "1", "-c", "1", "-r", "1", "-x", "1",
                   "-P", "fd77::/64#LA#0#0", seconds=3)
            for options in ([], ["-s"], ["-R"], ["-P"], ["-A"], ["-H"], ["-F"], ["-D"], ["-G"]):
                attack(bad, "atk6-flood_router26", *options, "eth0", seconds=1)
            for evasion in ("F", "H", "1", "D", "O", "o"):
                attack(bad, "atk6-fake_router26", "-E", evasion, "-A", "fd66::/64", "-R", "::/0",
                       "-D", "fd66::1", "-M", "1280", "-n", "1", "eth0", seconds=3)
            attack(bad, "atk6-fuzz_ip6", "-a", "-4", "eth0", str(mine), seconds=4)
            attack(bad, "atk6-kill_router6", "eth0", str(true_router), seconds=3)
            # What is true is said again within seconds.
            device.wait_for("routers", lambda t: true_router in t, 30)
            device.slaac("fd77::/64")
            expect(mine in device.table("addresses"), device.ask("addresses"))
            expect(len(device.table("addresses")) <= ADDRESSES_MAX, device.ask("addresses"))
            expect(len(device.table("neighbors")) <= NEIGHBORS_MAX, device.ask("neighbors"))
            expect(1280 <= int(device.ask("mtu fd77::1")) <= 1500, device.ask("mtu fd77::1"))
            recovers(router, str(mine), 75)
            wait_for(lambda: device.counters("memory"),
                     lambda m: m["pools"] <= pools["pools"] + 2 * ADDRESSES_MAX
                     and m["heap"] <= pools["heap"] + 2 * ADDRESSES_MAX * ELEMENT_BYTES_MAX,
                     REASSEMBLY_S)


def test_denial_of_new_addresses():
    """All probes are answered: no new address. When that ends, there is one."""
    need_root()
    need_tools("atk6-dos-new-ip6")
    with one_link("fd77::1/64") as ns:
        with Device6(ns, "--tap", "tap0", "--manual", "--address", "fd77::2/64") as device:
            device.linklocal()
            with Daemon(ns, "atk6-dos-new-ip6", "tap0") as attacker:
                for _ in range(10):  # until the attacker has begun to listen
                    time.sleep(1)
                    expect(attacker.process.poll() is None, attacker.output())
                    device.do("address fd77::9/64 dad")
                    table = device.wait_for(
                        "addresses", lambda t: t[address("fd77::9")][0] != "tentative")
                    if table[address("fd77::9")][0] == "duplicated":
                        break
                    device.do("unaddress fd77::9")
                expect(table[address("fd77::9")][0] == "duplicated", str(table))
                recovers(ns, "fd77::2")
            device.do("unaddress fd77::9")
            device.do("address fd77::9/64 dad")
            device.wait_for("addresses", lambda t: t[address("fd77::9")][0] == "preferred")
            recovers(ns, "fd77::9")


if __name__ == "__main__":
    # The long ones first; most of the time they wait.
    sys.exit(main([
        test_fragment_reassembly_policy,
        test_router_advertisement_floods,
        *(fuzz_ip6(part) for part in range(2)),
        test_known_exploits,
        test_fragments,
        *(implementation6(part) for part in range(PARTS)),
        test_neighbor_discovery_floods,
        test_icmp_errors,
        test_multicast_listener_floods,
        test_neighbor_cache_exhaustion_through_the_stack,
        test_denial_of_new_addresses,
    ], program=DEVICE6, jobs=12))
