#!/usr/bin/env python3
"""The Linux kernel and real programs against the stack, over TAP in network namespaces."""

import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time

from netns import (BUILD, DEVICE, STORM, Device, Failure, Namespace, expect, main, need_root,
                   need_tools, pcapng_packets, ping_all, python_in, run, temporary_folder, wait_for)

PING_SIZES = (64, 512, 1472, 1473, 4000, 20000, 65000)

UDP_ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
s.sendto(b"still there?", (sys.argv[1], 7))
assert s.recv(100) == b"still there?"
"""


def one_network():
    namespace = Namespace("a")
    return namespace


def expect_alive(namespace, address="10.77.0.2"):
    python_in(namespace, UDP_ECHO, address)
    ping_all(namespace, address, count=1)


def test_kernel_pings_the_stack():
    need_root()
    need_tools("ping")
    with one_network() as ns:
        ns.add_tap("tap0", "10.77.0.1/24")
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            for size in PING_SIZES:
                ping_all(ns, "-s", str(size), "10.77.0.2")
            expect("10.77.0.1" in device.ask("arp"), "the kernel is not in the ARP table")
            expect("10.77.0.2" in ns.ip("neigh"), "the stack is not in the kernel's")


def test_closed_udp_port_is_refused():
    need_root()
    code = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
s.connect(("10.77.0.2", 9))
s.send(b"x")
try:
    s.recv(10)
    sys.exit("something answered")
except ConnectionRefusedError:
    pass
"""
    with one_network() as ns:
        ns.add_tap("tap0", "10.77.0.1/24")
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            python_in(ns, code)
            expect(device.counters("drops").get("UDP_NO_PORT") == 1, device.ask("drops"))


def test_traceroute_through_and_to_the_stack():
    need_root()
    need_tools("traceroute")
    with Namespace("a") as a, Namespace("b") as b:
        a.add_tap("tapa", "10.77.0.1/24")
        a.add_tap("tapb")
        with Device("--tap", "tapa", "10.77.0.2/24", "--tap", "tapb", "10.78.0.2/24", namespace=a):
            a.ip("link", "set", "tapb", "netns", b.name)
            b.ip("addr", "add", "10.78.0.1/24", "dev", "tapb")
            b.ip("link", "set", "tapb", "up")
            a.ip("route", "add", "10.78.0.0/24", "via", "10.77.0.2")
            b.ip("route", "add", "10.77.0.0/24", "via", "10.78.0.2")
            out = a.exec("traceroute", "-N", "1", "-n", "-w", "20", "-q", "2", "10.78.0.1")
            hops = re.findall(r"^ ?\d+  (\d+\.\d+\.\d+\.\d+)", out, re.M)
            expect(hops == ["10.77.0.2", "10.78.0.1"], out)
            out = a.exec("traceroute", "-N", "1", "-n", "-w", "20", "-q", "2", "10.77.0.2")
            expect(re.findall(r"^ ?\d+  (\S+)", out, re.M) == ["10.77.0.2"], out)
            ping_all(a, "-s", "4000", "10.78.0.1")


def test_nmap_changes_nothing():
    need_root()
    need_tools("nmap")
    with one_network() as ns:
        ns.add_tap("tap0", "10.77.0.1/24")
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            expect_alive(ns)
            before = device.ask("memory")
            out = ns.exec("nmap", "-n", "-Pn", "-sU", "-p1-300", "-T4", "--max-retries", "1",
                          "--host-timeout", "240s", "10.77.0.2", timeout=300)
            expect("7/udp" in out, out)
            out = ns.exec("nmap", "-n", "-Pn", "-sO", "-T4", "--max-retries", "1",
                          "--host-timeout", "240s", "10.77.0.2", timeout=300)
            expect(re.search(r"^1 +open +icmp", out, re.M), out)
            expect_alive(ns)
            wait_for(lambda: device.ask("memory"), lambda after: after == before, 40)
            drops = device.counters("drops")
            expect(drops["UDP_NO_PORT"] >= 100 and drops["IP4_NO_PROTO"] >= 100, str(drops))


def bridge_with_querier(ns, version):
    ns.ip("link", "add", "br0", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1",
          "mcast_igmp_version", str(version), "mcast_query_interval", "500",
          "mcast_query_response_interval", "100", "mcast_startup_query_interval", "100",
          "mcast_last_member_interval", "20")
    ns.add_tap("tap0")
    ns.ip("link", "set", "tap0", "master", "br0")
    ns.ip("addr", "add", "10.77.0.1/24", "dev", "br0")
    ns.ip("link", "set", "br0", "up")


def mdb(ns):
    return "\n".join(line for line in ns.exec("bridge", "-d", "mdb", "show").split("\n")
                     if "tap0" in line)


def test_bridge_as_igmp_v3_querier():
    need_root()
    need_tools("bridge")
    with one_network() as ns:
        bridge_with_querier(ns, 3)
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            expect(device.ask("join 239.1.2.3") == "ok 0", "join")
            wait_for(lambda: mdb(ns), lambda m: "239.1.2.3" in m and "exclude" in m)
            expect(device.ask("include 232.1.1.1 10.77.0.9") == "ok 0", "include")
            wait_for(lambda: mdb(ns), lambda m: re.search(
                r"232\.1\.1\.1.*filter_mode include source_list 10\.77\.0\.9", m))
            expect(device.ask("include 232.1.1.1 10.77.0.10") == "ok 0", "second source")
            wait_for(lambda: mdb(ns), lambda m: re.search(r"232\.1\.1\.1.*10\.77\.0\.10", m))
            expect(device.ask("exclude 239.4.4.4 10.77.0.66") == "ok 0", "exclude")
            wait_for(lambda: mdb(ns), lambda m: re.search(
                r"239\.4\.4\.4.*filter_mode exclude source_list 10\.77\.0\.66", m))
            expect(device.ask("drop-filter 239.4.4.4") == "ok 0", "leave")
            wait_for(lambda: mdb(ns), lambda m: "239.4.4.4" not in m)
            expect(device.ask("drop-filter 232.1.1.1") == "ok 0", "leave")
            wait_for(lambda: mdb(ns), lambda m: "232.1.1.1" not in m)
            expect(device.ask("leave 239.1.2.3") == "ok 0", "leave")
            wait_for(lambda: mdb(ns), lambda m: "239.1.2.3" not in m)


def test_bridge_as_igmp_v2_querier():
    need_root()
    need_tools("bridge")
    with one_network() as ns:
        bridge_with_querier(ns, 2)
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            for is_last in (False, False, True):
                expect(device.ask("join 239.1.2.3") == "ok 0", "join")
                wait_for(lambda: mdb(ns), lambda m: "239.1.2.3" in m)
                time.sleep(4)  # a v2 query has been heard by now: leaving is told the v2 way
                expect(device.ask("leave 239.1.2.3") == "ok 0", "leave")
                try:
                    wait_for(lambda: mdb(ns), lambda m: "239.1.2.3" not in m, 20)
                    break
                except Failure:  # the machine may have stood still for so long
                    if is_last:
                        raise


# An IGMPv1 query, then whatever report comes within some seconds: its type and group.
V1_QUERY = """
import socket, struct, sys, time
def checksum(b):
    s = sum(struct.unpack(f"!{len(b) // 2}H", b))
    s = (s & 0xffff) + (s >> 16)
    return ~((s & 0xffff) + (s >> 16)) & 0xffff
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
s.bind(("tap0", 0))
igmp = bytearray(struct.pack("!BBH4s", 0x11, 0, 0, bytes(4)))
igmp[2:4] = struct.pack("!H", checksum(bytes(igmp)))
ip = bytearray(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 1, 2, 0,
                           socket.inet_aton("10.77.0.1"), socket.inet_aton("224.0.0.1")))
ip[10:12] = struct.pack("!H", checksum(bytes(ip)))
s.send(bytes.fromhex("01005e000001") + s.getsockname()[4] + b"\\x08\\x00" + bytes(ip + igmp))
end = time.monotonic() + 40
while time.monotonic() < end:
    s.settimeout(max(0.1, end - time.monotonic()))
    frame = s.recv(2000)
    ip = frame[14:]
    if ip[9] == 2:
        payload = ip[(ip[0] & 15) * 4:]
        if payload[0] == 0x12:  # what was sent before the query was heard is of version 3
            print(hex(payload[0]), socket.inet_ntoa(payload[4:8]))
            break
"""


def test_igmp_v1_querier_gets_v1_reports():
    need_root()
    with one_network() as ns:
        ns.add_tap("tap0", "10.77.0.1/24")
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            expect(device.ask("join 239.1.2.3") == "ok 0", "join")
            time.sleep(3)  # the unsolicited reports of the join are over
            out = python_in(ns, V1_QUERY)
            expect(out.strip() == "0x12 239.1.2.3", out)


def test_a_million_udp_echoes():
    need_root()
    with one_network() as ns:
        ns.add_tap("tap0", "10.77.0.1/24")
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns):
            out = ns.exec(STORM, "10.77.0.2", "7", "1000000", timeout=600, check=False)
            expect(out.startswith("1000000 echoed"), out)
            print("# " + out.strip())


def test_capture_is_valid_pcapng():
    need_root()
    with one_network() as ns, temporary_folder() as folder:
        path = os.path.join(folder, "a.pcapng")
        ns.add_tap("tap0", "10.77.0.1/24")
        with Device("--tap", "tap0", "10.77.0.2/24", namespace=ns) as device:
            expect(device.ask("capture " + path) == "ok", "capture")
            ping_all(ns, "10.77.0.2", count=3)
            expect(device.ask("capture-stop") == "ok", "capture-stop")
            ping_all(ns, "10.77.0.2", count=3)
        directions = [flags & 3 for flags, frame in pcapng_packets(path)
                      if frame[12:14] == b"\x08\x00" and frame[23] == 1]
        pairs = len(directions) // 2
        expect(pairs >= 3 and directions == [1, 2] * pairs,
               f"inbound and outbound pings: {directions}")
        if shutil.which("tshark"):
            out = run("tshark", "-r", path, "-Y", "icmp", check=False)
            expect(out.count("Echo (ping)") == len(directions), out)


def internet_checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~((total & 0xffff) + (total >> 16)) & 0xffff


def udp_frame(dst_mac, src_mac, payload):
    """To port 7, without a UDP checksum, as IPv4 allows."""
    udp = struct.pack("!HHHH", 1234, 7, 8 + len(payload), 0) + payload
    ip = bytearray(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
                               bytes([10, 77, 0, 1]), bytes([10, 77, 0, 2])))
    ip[10:12] = struct.pack("!H", internet_checksum(bytes(ip)))
    return dst_mac + src_mac + b"\x08\x00" + bytes(ip) + udp


def test_unix_socket_needs_no_privileges():
    """The other end is this test: it resolves the stack by ARP and sends UDP to its echo."""
    with temporary_folder() as folder:
        os.chmod(folder, 0o777)
        ours, theirs = os.path.join(folder, "peer"), os.path.join(folder, "stack")
        program = shutil.copy(DEVICE, folder)
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        peer.bind(ours)
        os.chmod(ours, 0o777)
        peer.settimeout(30)
        options = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
        with Device("--unix", theirs, ours, "10.77.0.2/24", program=program, **options):
            mac = bytes.fromhex("020000000099")
            request = struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, mac, bytes([10, 77, 0, 1]),
                                  bytes(6), bytes([10, 77, 0, 2]))
            peer.sendto(b"\xff" * 6 + mac + b"\x08\x06" + request, theirs)
            while True:
                frame = peer.recv(2000)
                if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x02":
                    break
            expect(frame[:6] == mac and frame[28:32] == bytes([10, 77, 0, 2]), frame.hex())
            for size in (0, 1, 700, 1472):
                peer.sendto(udp_frame(frame[6:12], mac, b"e" * size), theirs)
                while True:
                    echo = peer.recv(2000)
                    if echo[12:14] == b"\x08\x00" and echo[23] == 17:
                        break
                expect(echo[34:38] == struct.pack("!HH", 7, 1234) and
                       echo[42:42 + size] == b"e" * size, echo.hex())


def example(name):
    return os.path.join(BUILD, "examples", "example-" + name)


def test_example_echo():
    """As its help says: it answers pings and echoes, ends cleanly, and explains a wrong call."""
    need_root()
    with one_network() as ns:
        ns.add_tap("tap0", "10.77.0.1/24")
        process = subprocess.Popen(["ip", "netns", "exec", ns.name, example("echo"), "--tap", "tap0",
                                    "--address", "10.77.0.2/24", "--gateway", "10.77.0.1"],
                                   stdout=subprocess.PIPE, text=True)
        try:
            expect("10.77.0.2" in process.stdout.readline(), "no greeting")
            expect_alive(ns)
        finally:
            process.terminate()
        expect(process.wait(timeout=30) == 0, "it did not end cleanly")
        done = subprocess.run([example("echo"), "--address", "nonsense"], capture_output=True,
                              text=True)
        expect(done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr)


def test_example_ethernetif():
    """The driver skeleton announces itself and answers the request that its wire brings."""
    done = subprocess.run([example("ethernetif")], capture_output=True, text=True, timeout=30)
    expect(done.returncode == 0, f"exit {done.returncode}")
    expect(done.stdout.count("EtherType 0806") == 2, done.stdout)


if __name__ == "__main__":
    sys.exit(main([
        test_kernel_pings_the_stack,
        test_closed_udp_port_is_refused,
        test_traceroute_through_and_to_the_stack,
        test_nmap_changes_nothing,
        test_bridge_as_igmp_v3_querier,
        test_bridge_as_igmp_v2_querier,
        test_igmp_v1_querier_gets_v1_reports,
        test_capture_is_valid_pcapng,
        test_unix_socket_needs_no_privileges,
        test_example_echo,
        test_example_ethernetif,
        test_a_million_udp_echoes,
    ]))
