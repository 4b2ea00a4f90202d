#!/usr/bin/env python3
"""MLD against the kernel: the bridge as querier of either version and as snooping switch.

What the bridge believes of its ports is what the stack's reports told it (`bridge mdb`), and what it
passes on to the port follows from that.
"""

import os
import re
import socket
import sys
import time

from netns import (DEVICE6, Device, Namespace, expect, main, need_root, need_tools, pcapng_packets,
                   python_in, temporary_folder, wait_for)

MAC = "02:00:00:00:00:77"
OURS = "fd77::2"
GROUP = "ff15::1:2:3"
QUERY, V1_REPORT, V1_DONE, V2_REPORT = 130, 131, 132, 143


def bridge_with_querier(ns, version):
    # The bridge's own address must not wait for duplicates: it asks with it.
    for setting in ("all.accept_dad=0", "default.accept_dad=0"):
        ns.sysctl("net.ipv6.conf." + setting)
    ns.ip("link", "add", "br0", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1",
          "mcast_mld_version", str(version), "mcast_query_interval", "300",
          "mcast_query_response_interval", "100", "mcast_startup_query_interval", "100",
          "mcast_membership_interval", "700", "mcast_last_member_interval", "20")
    ns.add_tap("tap0")
    ns.ip("link", "set", "tap0", "master", "br0")
    ns.ip("link", "set", "br0", "up")
    for address in ("fd77::1/64", "fd77::9/64"):
        ns.ip("addr", "add", address, "dev", "br0", "nodad")


def device_in(ns, *more):
    return Device("--tap", "tap0", "--mac", MAC, "--eui64", "--address", OURS + "/64", *more,
                  namespace=ns, program=DEVICE6)


def mdb(ns):
    return "\n".join(line for line in ns.exec("bridge", "-d", "mdb", "show").split("\n")
                     if "port tap0" in line)


def do(device, command):
    expect(device.ask(command) == "ok 0", command)


def mld_types_sent(path):
    """MLD messages that the stack sent: ICMPv6 type, first bytes of the source, what stands where version 1
    names the group."""
    for flags, frame in pcapng_packets(path):
        # A hop-by-hop header of 8 bytes with the router alert, then ICMPv6.
        if flags & 3 == 2 and frame[12:14] == b"\x86\xdd" and frame[20] == 0:
            expect(frame[21] == 1, "hop limit")
            expect(frame[54] == 58 and b"\x05\x02\0\0" in frame[56:62], "router alert")
            yield frame[62], frame[22:24], frame[70:86]


def test_bridge_as_mld_v2_querier():
    need_root()
    need_tools("bridge")
    with Namespace("a") as ns:
        bridge_with_querier(ns, 2)
        with device_in(ns) as device:
            do(device, "join " + GROUP)
            wait_for(lambda: mdb(ns), lambda m: re.search(GROUP + r" .*filter_mode exclude", m))
            do(device, "include ff35::1 fd77::9")
            wait_for(lambda: mdb(ns), lambda m: re.search(
                r"ff35::1 .*filter_mode include source_list fd77::9", m))
            do(device, "include ff35::1 fd77::a")
            wait_for(lambda: mdb(ns), lambda m: re.search(r"ff35::1 .*fd77::a/", m))
            do(device, "exclude ff15::4 fd77::66")
            wait_for(lambda: mdb(ns), lambda m: re.search(
                r"ff15::4 .*filter_mode exclude source_list fd77::66", m))
            do(device, "drop-filter ff15::4")
            wait_for(lambda: mdb(ns), lambda m: "ff15::4 " not in m)
            do(device, "drop-filter ff35::1")
            wait_for(lambda: mdb(ns), lambda m: "ff35::1 " not in m)
            do(device, "leave " + GROUP)
            wait_for(lambda: mdb(ns), lambda m: GROUP not in m)
            # Until its address has proved unique the kernel speaks from :: (RFC 3590).
            expect(not [d for d in device.counters("drops")
                        if d.startswith("MLD6") and d != "MLD6_BAD_SRC"], device.ask("drops"))


def test_solicited_node_groups_are_known_to_the_bridge():
    need_root()
    need_tools("bridge")
    with Namespace("a") as ns:
        bridge_with_querier(ns, 2)
        with device_in(ns):
            # Of fd77::2 and of the link-local address, whose reports came from :: at first.
            wait_for(lambda: mdb(ns), lambda m: "ff02::1:ff00:2 " in m and "ff02::1:ff00:77 " in m)


def stays(ns, version):
    """A group's membership outlives the bridge's memory because queries are answered."""
    bridge_with_querier(ns, version)
    with temporary_folder() as folder, device_in(ns) as device:
        path = os.path.join(folder, "a.pcapng")
        expect(device.ask("capture " + path) == "ok", "capture")
        do(device, "join " + GROUP)
        wait_for(lambda: mdb(ns), lambda m: GROUP in m)
        end = time.monotonic() + 12  # membership_interval: 7 s
        while time.monotonic() < end:
            expect(GROUP in mdb(ns), "the bridge forgot the group")
            time.sleep(0.2)
        do(device, "leave " + GROUP)
        wait_for(lambda: mdb(ns), lambda m: GROUP not in m)
        expect(device.ask("capture-stop") == "ok", "capture-stop")
        return list(mld_types_sent(path))


def test_queries_of_version_2_are_answered():
    need_root()
    need_tools("bridge")
    with Namespace("a") as ns:
        sent = stays(ns, 2)
        expect({t for t, _, _ in sent} == {V2_REPORT}, f"types sent: {sent}")
        expect(sent[-1][1] == b"\xfe\x80", "source")


def test_queries_of_version_1_are_answered():
    need_root()
    need_tools("bridge")
    with Namespace("a") as ns:
        sent = stays(ns, 1)
        # Version 2 until the first query was heard.
        types = [t for t, _, _ in sent]
        first = types.index(V1_REPORT)
        expect(set(types[:first]) <= {V2_REPORT}, f"types sent: {types}")
        expect(set(types[first:]) == {V1_REPORT, V1_DONE}, f"types sent: {types}")
        # A general query may be under way meanwhile: its answers for other groups follow the leave.
        group = socket.inet_pton(socket.AF_INET6, GROUP)
        types = [t for t, _, g in sent if t == V1_DONE or (t == V1_REPORT and g == group)]
        expect(types.count(V1_DONE) == 1 and types[-1] == V1_DONE, f"types sent: {types}")


# Says on standard output whether the echo of a datagram to the group came back.
ASK_GROUP = """
import socket, sys
group, source, seconds = sys.argv[1:4]
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex("br0"))
s.bind((source, 0))
s.settimeout(int(seconds))
s.sendto(b"anybody?", (group, 7))
try:
    data, sender = s.recvfrom(100)
    print(data.decode(), sender[0])
except TimeoutError:
    print("silence")
"""


def test_datagrams_to_groups():
    need_root()
    need_tools("bridge")
    with Namespace("a") as ns:
        bridge_with_querier(ns, 2)
        with device_in(ns) as device:
            def ask(group, source, seconds):
                return python_in(ns, ASK_GROUP, group, source, str(seconds)).strip()

            do(device, "join " + GROUP)
            do(device, "include ff35::1 fd77::9")
            do(device, "exclude ff15::4 fd77::9")
            wait_for(lambda: mdb(ns), lambda m: all(g in m for g in (GROUP, "ff35::1 ", "ff15::4 ")))
            for group, source, is_answered in ((GROUP, "fd77::1", True), (GROUP, "fd77::9", True),
                                               ("ff35::1", "fd77::1", False),
                                               ("ff35::1", "fd77::9", True),
                                               ("ff15::4", "fd77::1", True),
                                               ("ff15::4", "fd77::9", False),
                                               ("ff15::5", "fd77::1", False)):
                wanted = "anybody? " + OURS if is_answered else "silence"
                out = ask(group, source, 20 if is_answered else 1)
                expect(out == wanted, f"{source} to {group}: {out}")


def test_link_flap():
    """The carrier goes and comes back; the bridge has forgotten its port meanwhile."""
    need_root()
    need_tools("bridge")
    with Namespace("a") as ns:
        bridge_with_querier(ns, 2)
        with device_in(ns) as device:
            do(device, "join " + GROUP)
            wait_for(lambda: mdb(ns), lambda m: GROUP in m)
            ns.ip("link", "set", "tap0", "down")
            wait_for(lambda: mdb(ns), lambda m: GROUP not in m)
            ns.ip("link", "set", "tap0", "up")
            wait_for(lambda: mdb(ns), lambda m: GROUP in m)


if __name__ == "__main__":
    sys.exit(main([
        test_bridge_as_mld_v2_querier,
        test_solicited_node_groups_are_known_to_the_bridge,
        test_queries_of_version_2_are_answered,
        test_queries_of_version_1_are_answered,
        test_datagrams_to_groups,
        test_link_flap,
    ], program=DEVICE6))
