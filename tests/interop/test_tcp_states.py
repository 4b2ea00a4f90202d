#!/usr/bin/env python3
"""Opening, closing, stopping and breaking TCP connections with the kernel, over TAP."""

import contextlib
import errno
import functools
import os
import socket
import struct
import sys
import threading
import time

from netns import (Daemon, Namespace, expect, main, need_root, need_tools, temporary_folder,
                   wait_for)
from nettcp import (DEVICE_TCP, ECN, FAMILY, KERNEL, OURS, Link, inside, read_exactly, read_to_end,
                    reset_on_close, stays)

MIB = 1 << 20
DATA = bytes(range(256)) * 4096  # 1 MiB


def each_way(test):
    """Run it for both IP versions and whoever connects."""
    def run_all():
        need_root()
        with Link() as link:
            for family in (4, 6):
                for is_ours in (True, False):
                    test(link, family, is_ours)
    run_all.__name__ = test.__name__
    return run_all


def ended_well(link, number):
    status = link.device.wait_for(number, lambda st: st["state"] == "ENDED")
    expect(status["closed"] == 1 and status["err"] == 0, str(status))
    return status


def kernel_state(link, s):
    """What ss says of the connection of this socket; "" when it says nothing."""
    port = s.getsockname()[1]
    return link.ns.exec("ss", "-tnioH", f"( sport = :{port} )")


@each_way
def test_the_kernel_closes_its_side_first(link, family, is_ours):
    """What it sends before comes back after its FIN (half-close, RFC 9293 3.6)."""
    s, number = link.pair("echo 0 0", family, is_ours)
    sender = threading.Thread(target=lambda: (s.sendall(DATA), s.shutdown(socket.SHUT_WR)))
    sender.start()
    got = read_to_end(s)
    sender.join()
    expect(got == DATA, f"{len(got)} bytes came back")
    ended_well(link, number)


@each_way
def test_the_stack_closes_its_side_first(link, family, is_ours):
    s, number = link.pair("discard 0 0", family, is_ours)
    link.device.do(f"write {number} before")
    link.device.do(f"shut {number}")
    expect(read_to_end(s) == b"before", "what came before the end")
    s.sendall(DATA)
    link.device.wait_for(number, lambda st: st["received"] == len(DATA))
    expect(link.device.status(number)["state"] == "FIN_WAIT_2", "state")
    s.close()
    ended_well(link, number)


@each_way
def test_closing_with_unread_data_resets(link, family, is_ours):
    """RFC 2525 2.17: the peer has to know that its data went nowhere. Both do so."""
    s, number = link.pair("idle 0 0", family, is_ours)
    s.sendall(b"nobody reads this")
    wait_for(lambda: kernel_state(link, s), lambda out: "unacked" not in out)
    link.device.do(f"close {number}")
    try:
        expect(s.recv(10) is None, "no reset")
    except ConnectionResetError:
        pass
    s, number = link.pair("idle 0 0", family, is_ours)
    link.device.do(f"write {number} nor-this")
    wait_for(lambda: len(s.recv(100, socket.MSG_PEEK)), lambda n: n == len("nor-this"))
    s.close()
    status = link.device.wait_for(number, lambda st: st["state"] == "ENDED")
    expect(status["err"] == -14, str(status))  # ERR_RST


@each_way
def test_aborting_resets(link, family, is_ours):
    s, number = link.pair("idle 0 0", family, is_ours)
    link.device.do(f"abort {number}")
    try:
        expect(s.recv(10) is None, "no reset")
    except ConnectionResetError:
        pass
    s, number = link.pair("idle 0 0", family, is_ours)
    reset_on_close(s)
    s.close()
    status = link.device.wait_for(number, lambda st: st["state"] == "ENDED")
    expect(status["err"] == -14, str(status))


def test_closed_ports():
    """Nobody listens: refused at once, both ways."""
    need_root()
    with Link() as link:
        for family in (4, 6):
            result = link.socket(family).connect_ex((OURS[family], 9))
            expect(result == errno.ECONNREFUSED, errno.errorcode.get(result, result))
            number = link.device.connect(KERNEL[family], 9)
            status = link.device.wait_for(number, lambda st: st["state"] == "ENDED")
            expect(status["err"] != 0 and status["connected"] == 0, str(status))


@each_way
def test_closed_window_of_the_stack(link, family, is_ours):
    """It does not read: the kernel stops, probes, and goes on when there is room again."""
    s, number = link.pair("idle 1 0", family, is_ours)
    length = 12 * MIB
    peer_data = stream(1, length)
    sender = threading.Thread(target=lambda: (s.sendall(peer_data), s.shutdown(socket.SHUT_WR)))
    sender.start()
    # The kernel's timer for probes of a closed window.
    wait_for(lambda: kernel_state(link, s), lambda out: "timer:(persist" in out, 60)
    time.sleep(1)
    expect(sender.is_alive(), "all was sent, although nobody reads")
    expect(link.device.status(number)["received"] == 0, "it reads")
    link.device.do(f"read {number}")
    status = link.device.wait_for(number, lambda st: st["state"] == "ENDED")
    sender.join()
    expect(status["received"] == length and status["wrong"] == -1 and status["closed"], str(status))
    s.close()


@each_way
def test_closed_window_of_the_kernel(link, family, is_ours):
    length = 24 * MIB
    s, number = link.pair(f"source 3 {length}", family, is_ours)

    def acked():
        return link.device.status(number)["acked"]
    before = -1
    while before != (before := acked()):
        time.sleep(1.5)  # until nothing moves any more
    expect(before < length, "all was sent, although nobody reads")
    expect(read_exactly(s, length) == stream(3, length), "bytes differ")
    expect(s.recv(1) == b"", "the end")
    s.close()
    ended_well(link, number)


@functools.lru_cache
def stream(seed, length):
    """stream.h"""
    words = []
    mask = (1 << 64) - 1
    for index in range((length + 7) // 8):
        z = (seed + index + 1) * 0x9e3779b97f4a7c15 & mask
        z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93 & mask
        words.append(z ^ (z >> 32))
    return struct.pack(f"<{len(words)}Q", *words)[:length]


@each_way
def test_urgent_data(link, family, is_ours):
    s, number = link.pair("discard 0 0", family, is_ours)
    s.sendall(b"12345")
    s.send(b"!", socket.MSG_OOB)
    s.sendall(b"678")
    status = link.device.wait_for(number, lambda st: st["received"] == 9 and st["urgent"])
    expect(status["urgent"] == 6, str(status))
    link.device.do(f"write {number} abc")
    expect(read_exactly(s, 3) == b"abc", "what comes before")
    link.device.do(f"urgent {number} U")

    def urgent():
        with contextlib.suppress(OSError):
            return s.recv(1, socket.MSG_OOB)
        return b""
    # Linux takes the byte before the mark for the urgent one, and out of the stream.
    s.setblocking(False)
    wait_for(urgent, lambda byte: byte == b"U")
    s.settimeout(60)
    link.device.do(f"write {number} def")
    expect(read_exactly(s, 3) == b"def", "what comes behind")
    s.close()
    ended_well(link, number)


def test_keepalive():
    """Each answers the other's probes; nobody answers through a cut line."""
    need_root()
    with Link() as link:
        for family in (4, 6):
            s, number = link.pair("idle 0 0", family, is_ours=False)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
                s.setsockopt(socket.IPPROTO_TCP, option, 1)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 100)
            link.device.do(f"keepalive {number} 600 600 100")
            begin = segments_in(link)
            stays(lambda: link.device.status(number)["state"], 5, lambda st: st == "ESTABLISHED")
            expect("ESTAB" in kernel_state(link, s), kernel_state(link, s))
            wait_for(lambda: segments_in(link) - begin, lambda n: n >= 6)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
            link.device.do(f"keepalive {number} 600 600 3")
            link.device.do("impair loss 100%")
            status = link.device.wait_for(number, lambda st: st["state"] == "ENDED")
            expect(status["err"] != 0, str(status))
            try:
                expect(s.recv(1) is None, "it does not fail")
            except TimeoutError as e:
                expect(e.errno == errno.ETIMEDOUT, str(e))
            link.device.do("impair loss 0%")
            link.device.do("impair")


def segments_in(link):
    return link.device.counters("counters")["in"]


def test_simultaneous_open():
    """Both call each other's port at once, nobody listens: one connection (RFC 9293 3.5)."""
    need_root()
    with Link() as link:
        link.device.do("impair delay 400ms")
        for family in (4, 6):
            for attempt in range(10):
                ours, theirs = 7000 + 10 * attempt + family, 8000 + 10 * attempt + family
                s = link.socket(family)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind((KERNEL[family], theirs))
                caller = threading.Thread(target=s.connect_ex, args=((OURS[family], ours),))
                link.device.do(f"bind {ours}")
                number = link.device.connect(KERNEL[family], theirs, "echo 0 0")
                caller.start()
                caller.join()
                # A machine that was busy between the two has let one SYN meet a closed port.
                with contextlib.suppress(OSError):
                    s.getpeername()
                    break
            else:
                expect(False, "they never met")
            link.device.wait_for(number, lambda st: st["connected"])
            s.sendall(b"hello")
            expect(read_exactly(s, 5) == b"hello", "echo")
            s.shutdown(socket.SHUT_WR)
            expect(read_to_end(s) == b"", "the end")
            ended_well(link, number)


def test_syn_flood():
    """A genuine client is served while strangers knock, and nothing of them stays."""
    need_root()
    need_tools("hping3")
    # Answers to strangers go to the kernel, which forwards nothing: nobody ever replies.
    with Link("--gateway", KERNEL[4]) as link:
        for family in (4, 6):  # so that neighbours are known
            link.transfer(MIB, is_out=False, family=family, is_ours=False)
        before = link.device.counters("memory")
        link.device.do("listen 80 echo 0 0")
        flood = ["hping3", "-q", "-n", "-S", "-p", "80", "-i", "u100", "-c", "30000",
                 "--rand-source", OURS[4]]
        with Daemon(link.ns, *flood) as daemon:
            wait_for(lambda: segments_in(link), lambda n: n > 2000)
            for family in (4, 6, 4, 6):
                s = link.socket(family)
                s.connect((OURS[family], 80))
                s.sendall(b"served?")
                expect(read_exactly(s, 7) == b"served?", "echo")
                s.close()
            daemon.stop()
        wait_for(lambda: link.device.counters("connections"), lambda c: c["open"] == 0)
        link.device.do("unlisten 80")
        # Of thousands nothing stays; groups and neighbours come and go meanwhile.
        wait_for(lambda: link.device.counters("memory"),
                 lambda m: m["pools"] <= before["pools"] + 5 and m["heap"] <= before["heap"] + 2000,
                 60)


def test_path_mtu_shrinks_on_the_way():
    """A router between both; its link beyond becomes narrower while data flows."""
    need_root()
    with Link() as link, Namespace("far") as far:
        router = link.ns
        for ns in (router, far):
            for setting in ("all.forwarding=1", "default.accept_dad=0", "all.accept_dad=0"):
                ns.sysctl("net.ipv6.conf." + setting)
            ns.sysctl("net.ipv4.ip_forward=1")
        router.ip("link", "add", "near", "type", "veth", "peer", "name", "eth0", "netns", far.name)
        for ns, dev, last in ((router, "near", "1"), (far, "eth0", "2")):
            ns.ip("addr", "add", f"10.79.0.{last}/24", "dev", dev)
            ns.ip("addr", "add", f"fd79::{last}/64", "dev", dev, "nodad")
            ns.ip("link", "set", dev, "up")
        far.ip("route", "add", "10.77.0.0/24", "via", "10.79.0.1")
        far.ip("route", "add", "fd77::/64", "via", "fd79::1")
        link.device.do(f"route 10.79.0.0/24 {KERNEL[4]}")
        link.device.do(f"route fd79::/64 {KERNEL[6]}")
        for family, address, mtus in ((6, "fd79::2", (1400, 1280)), (4, "10.79.0.2", (1400, 900))):
            for dev_ns, dev in ((router, "near"), (far, "eth0")):
                dev_ns.ip("link", "set", dev, "mtu", "1500")
            with inside(far):
                listener = socket.socket(FAMILY[family], socket.SOCK_STREAM)
            with listener:
                listener.settimeout(60)
                listener.bind((address, 90))
                listener.listen(1)
                length = 3 * MIB
                number = link.device.connect(address, 90, f"source 9 {length}")
                s, _ = listener.accept()
            with s:
                s.settimeout(60)
                got = read_exactly(s, MIB)
                for mtu in mtus:
                    for dev_ns, dev in ((router, "near"), (far, "eth0")):
                        dev_ns.ip("link", "set", dev, "mtu", str(mtu))
                    got += read_exactly(s, MIB // 2)
                got += read_to_end(s)
            expect(got == stream(9, length), f"{len(got)} bytes")
            ended_well(link, number)


def echo_pair(link, family, is_ours, wants_ecn):
    """(status, words of ss) of a new connection. A SYN that is sent again, because an end was busy,
    asks for no ECN (RFC 3168 6.1.1.1): then there may be another connection."""
    for _ in range(5):
        s, number = link.pair("echo 0 0", family, is_ours)
        s.sendall(b"x")
        expect(read_exactly(s, 1) == b"x", "echo")
        words = kernel_state(link, s).split()
        status = link.device.status(number)
        s.close()
        if bool(status["ecn"]) == ("ecn" in words) == wants_ecn:
            break
    return status, words


def test_what_both_agreed_on():
    """The kernel's own view of the connection, for features on and off."""
    need_root()
    need_tools("ss")
    settings = {"timestamps": "tcp_timestamps", "sack": "tcp_sack", "ecn": "tcp_ecn",
                "scaling": "tcp_window_scaling"}
    with Link() as link:
        for off in (None, *settings):
            for name, setting in settings.items():
                link.ns.sysctl(f"net.ipv4.{setting}={int(name != off)}")
            can = link.device.counters("features")
            for family, is_ours in ((4, True), (6, True), (4, False), (6, False)):
                status, words = echo_pair(link, family, is_ours, off != "ecn" and bool(can["ecn"]))
                for name, word in (("timestamps", "ts"), ("sack", "sack"), ("ecn", "ecn")):
                    expected = name != off and can[name]
                    expect((word in words) == bool(expected) == bool(status[name]),
                           f"{name} without {off}: {status}, {words}")
                scales = [w for w in words if w.startswith("wscale:")]
                expect(bool(scales) == (off != "scaling"), f"without {off}: {words}")


MARKING = """
table inet marks {
  counter slowed { }
  chain in {
    type filter hook input priority 0;
    iifname "tap0" meta l4proto tcp tcp flags & cwr == cwr counter name slowed
    iifname "tap0" meta nfproto ipv4 ip ecn ect0 numgen random mod 100 == 0 ip ecn set ce
    iifname "tap0" meta nfproto ipv6 ip6 ecn ect0 numgen random mod 100 == 0 ip6 ecn set ce
  }
  chain out {
    type filter hook output priority 0;
    oifname "tap0" meta nfproto ipv4 ip ecn ect0 numgen random mod 100 == 0 ip ecn set ce
    oifname "tap0" meta nfproto ipv6 ip6 ecn ect0 numgen random mod 100 == 0 ip6 ecn set ce
  }
}
"""


def test_congestion_marks():
    """One packet of a hundred is marked on the way: whoever sends hears of it and slows down."""
    need_root()
    need_tools("nft", "nstat")
    with Link(sysctls=("ipv4.tcp_ecn=1",)) as link, temporary_folder() as folder:
        path = os.path.join(folder, "rules")
        with open(path, "w", encoding="ascii") as f:
            f.write(MARKING)
        link.ns.exec("nft", "-f", path)
        for family in (4, 6):
            for is_ours in (True, False):
                for is_out in (True, False):
                    for _ in range(5):  # a SYN that is sent again asks for no ECN
                        _, options, _, status = link.transfer(8 * MIB, is_out, family, is_ours)
                        if status["ecn"] == 1 and options & ECN:
                            break
                    expect(status["ecn"] == 1 and options & ECN, f"{options:x}, {status}")
        counter = link.ns.exec("nft", "list", "counter", "inet", "marks", "slowed")
        expect("packets 0 " not in counter, f"the stack never slowed down: {counter}")
        heard = link.ns.exec("nstat", "-asz", "TcpExtTCPDeliveredCE").split()
        expect(int(heard[heard.index("TcpExtTCPDeliveredCE") + 1]) > 0,
               f"the kernel was never told: {heard}")


if __name__ == "__main__":
    TESTS = [test_keepalive, test_closed_window_of_the_kernel, test_closed_window_of_the_stack,
             test_the_kernel_closes_its_side_first, test_the_stack_closes_its_side_first,
             test_closing_with_unread_data_resets, test_aborting_resets, test_closed_ports,
             test_urgent_data, test_simultaneous_open, test_syn_flood,
             test_path_mtu_shrinks_on_the_way, test_congestion_marks,
             test_what_both_agreed_on]
    WORDS = sys.argv[1:]
    sys.exit(main([t for t in TESTS if not WORDS or any(w in t.__name__ for w in WORDS)],
                  program=DEVICE_TCP, jobs=4))
