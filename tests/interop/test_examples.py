#!/usr/bin/env python3
"""The example programs against the kernel, over TAP: each does what its first comment says, with
every byte as it was sent, and ends when it is told to."""

import contextlib
import itertools
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from netns import BUILD, Namespace, expect, main, need_root, need_tools, ping_all, wait_for
from nettcp import FAMILY, KERNEL, OURS, inside

PATIENCE = 60
KIB = 1024


def program(name):
    return os.path.join(BUILD, "examples", "example-" + name)


def some_bytes(seed, length):
    return random.Random(seed).randbytes(length)


class Network:
    """The kernel at one end of tap0; an example comes to the other."""

    def __enter__(self):
        need_root()
        self.stack = contextlib.ExitStack()
        self.ns = self.stack.enter_context(Namespace("example"))
        for setting in ("ipv6.conf.all.accept_dad=0", "ipv6.conf.default.accept_dad=0"):
            self.ns.sysctl("net." + setting)
        self.ns.add_tap("tap0", KERNEL[4] + "/24")
        self.ns.ip("addr", "add", KERNEL[6] + "/64", "dev", "tap0", "nodad")
        return self

    def __exit__(self, *what):
        self.stack.__exit__(*what)

    def command(self, name, *args):
        return ["ip", "netns", "exec", self.ns.name, program(name), "--tap", "tap0",
                "--ip4", OURS[4] + "/24", "--ip6", OURS[6], *args]

    @contextlib.contextmanager
    def server(self, name, *args, command=None, sign="listening", end=signal.SIGTERM):
        """An example that runs until it is told to end, by `end`."""
        with tempfile.TemporaryFile("w+") as log:
            server = Server(command or self.command(name, *args), log)
            try:
                wait_for(server.output, lambda out: sign in out, PATIENCE)
                try:
                    yield server
                except Exception:
                    print("# " + server.output().replace("\n", "\n# "))
                    raise
                server.process.send_signal(end)
                status = server.process.wait(timeout=PATIENCE)
                expect(status == 0, f"{name} ended with {status}:\n{server.output()}")
            finally:
                server.process.kill()
                server.process.wait()

    def client(self, name, *args, text=b""):
        """Run an example that ends by itself: its status, what it printed, its complaints."""
        done = subprocess.run(self.command(name, *args), input=text, capture_output=True,
                              timeout=PATIENCE, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def socket(self, version, kind):
        with inside(self.ns):
            s = socket.socket(FAMILY[version], kind)
        s.settimeout(PATIENCE)
        return s

    def connect(self, version, port=7):
        s = self.socket(version, socket.SOCK_STREAM)
        s.connect((OURS[version], port))
        return s

    def listen(self, version, kind, port):
        s = self.socket(version, kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((KERNEL[version], port))
        if kind == socket.SOCK_STREAM:
            s.listen()
        return s


class Server:
    def __init__(self, command, log):
        self.log = log
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=subprocess.STDOUT)

    def output(self):
        # Not by the file's own position: the program writes there.
        return os.pread(self.log.fileno(), 1 << 20, 0).decode()

    def cpu_seconds(self):
        """Processor time of the program; `ip netns exec` has become it."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_all(s):
    parts = []
    while part := s.recv(64 * KIB):
        parts.append(part)
    return b"".join(parts)


class Together:
    """Calls of functions at the same time; their results in order."""

    def __init__(self):
        self.threads, self.results = [], []

    def add(self, function, *args):
        index = len(self.results)
        self.results.append(None)

        def call():
            try:
                self.results[index] = function(*args)
            except OSError as e:
                self.results[index] = e
        self.threads.append(threading.Thread(target=call, daemon=True))
        self.threads[-1].start()

    def wait(self):
        for t in self.threads:
            t.join()
        for r in self.results:
            if isinstance(r, Exception):
                raise r
        return self.results


def echoed(s, data):
    """What comes back of it, sent and received at the same time."""
    both = Together()
    both.add(lambda: (s.sendall(data), s.shutdown(socket.SHUT_WR)))
    both.add(read_all, s)
    back = both.wait()[1]
    s.close()
    return back


def expect_echo(network, version, seed, length=300 * KIB):
    data = some_bytes(seed, length)
    expect(echoed(network.connect(version), data) == data, f"IPv{version}: not what was sent")


def reset(s):
    """End a connection without a good-bye."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def expect_reset_at_end(network, name, versions=(4,)):
    """A connection that stands when the server is told to end hears of it."""
    with network.server(name, end=signal.SIGINT):
        clients = [network.connect(v) for v in versions]
        for s in clients:
            s.sendall(b"x")
            expect(s.recv(1) == b"x", "no echo")
    for s in clients:
        try:
            expect(s.recv(1) == b"", "something came at the end")
        except ConnectionResetError:
            pass


def test_tcp_server():
    with Network() as network:
        with network.server("tcp_server") as server:
            expect_echo(network, 4, 1)
            lost = network.connect(4)
            lost.sendall(b"unfinished")
            reset(lost)
            expect_echo(network, 4, 2, 5)
            wait_for(server.output, lambda out: out.count("10.77.0.1 has come") == 3)
        expect_reset_at_end(network, "tcp_server")


def answer_all(listener, answer):
    """Serve one client: what it said until its end; it is told `answer` then."""
    s, _ = listener.accept()
    s.settimeout(PATIENCE)
    said = read_all(s)
    s.sendall(answer)
    s.close()
    return said


def test_tcp_client():
    with Network() as network:
        for version in (4, 6):
            question, answer = some_bytes(version, 300 * KIB), some_bytes(version + 1, 200 * KIB)
            listener = network.listen(version, socket.SOCK_STREAM, 80)
            peer = Together()
            peer.add(answer_all, listener, answer)
            status, out, err = network.client("tcp_client", KERNEL[version], "80", text=question)
            expect((status, err) == (0, ""), f"status {status}: {err}")
            expect(peer.wait() == [question] and out == answer, f"IPv{version}: not what was sent")
            listener.close()
        status, out, err = network.client("tcp_client", KERNEL[6], "80")
        expect((status, out) == (1, b"") and "Connection refused" in err, f"{status} {err}")


def asked(s, data, to):
    """The answer to a datagram, which is sent again until there is one."""
    s.settimeout(2)
    for _ in range(15):
        s.sendto(data, to)
        with contextlib.suppress(socket.timeout):
            return s.recvfrom(64 * KIB)
    raise socket.timeout("no answer to any datagram")


def test_udp_server():
    with Network() as network, network.server("udp_server", "5000"):
        s = network.socket(4, socket.SOCK_DGRAM)
        for length in (0, 1, 1472, 1473, 9000, 65507):
            data = some_bytes(length, length)
            back, peer = asked(s, data, (OURS[4], 5000))
            while len(back) != length:  # an earlier one, which was sent again for want of patience
                back, peer = asked(s, data, (OURS[4], 5000))
            expect(back == data and peer == (OURS[4], 5000), f"{length}: not what was sent")


def answer_but_the_first(s):
    """Answer all datagrams but one that was "lost", until there is an empty one."""
    s.recvfrom(2000)
    while (came := s.recvfrom(2000))[0]:
        s.sendto(came[0].upper(), came[1])


def test_udp_client():
    with Network() as network:
        for version in (4, 6):
            s = network.listen(version, socket.SOCK_DGRAM, 7)
            peer = Together()
            peer.add(answer_but_the_first, s)
            status, out, err = network.client("udp_client", KERNEL[version], "7", text=b"hello\n")
            expect((status, out, err) == (0, b"HELLO\n", ""), f"{status} {out} {err}")
            network.socket(version, socket.SOCK_DGRAM).sendto(b"", (KERNEL[version], 7))
            peer.wait()
            s.close()
        status, out, err = network.client("udp_client", KERNEL[4], "7", text=b"anybody?\n")
        expect((status, out) == (1, b"") and "Connection refused" in err, f"{status} {err}")


def expect_many_echoes(network, versions, count, length):
    """That many clients at a time, of each IP version."""
    data = [some_bytes(seed, length) for seed in range(count * len(versions))]
    clients = Together()
    for each, version in zip(data, itertools.cycle(versions)):
        clients.add(lambda v=version, d=each: echoed(network.connect(v), d))
    for number, (sent, back) in enumerate(zip(data, clients.wait())):
        expect(back == sent, f"client {number}: {len(back)} of {len(sent)} bytes, or others")


def test_dual_stack_server():
    with Network() as network:
        with network.server("dual_stack_server") as server:
            expect_many_echoes(network, (4, 6), 4, 100 * KIB)
            names = server.output()
            expect(names.count("::ffff:10.77.0.1 has come") == 4 and
                   names.count("fd77::1 has come") == 4, names)
        expect_reset_at_end(network, "dual_stack_server", (4, 6))


def fill(s):
    """Send until nothing goes any more, because nobody reads the answers: what was sent."""
    sent = bytearray()
    s.settimeout(2)
    with contextlib.suppress(socket.timeout):
        while len(sent) < 64 * KIB * KIB:
            part = some_bytes(len(sent), 64 * KIB)
            sent += part[:s.send(part)]
    s.settimeout(PATIENCE)
    return bytes(sent)


def expect_many_at_once(name, versions):
    """One that does not read its answers keeps nobody else waiting, and gets them all later."""
    with Network() as network:
        with network.server(name):
            lazy = network.connect(versions[0])
            sent = fill(lazy)
            expect_many_echoes(network, versions, 10 // len(versions), 100 * KIB)
            reset(network.connect(versions[-1]))
            both = Together()
            both.add(lazy.shutdown, socket.SHUT_WR)
            both.add(read_all, lazy)
            expect(both.wait()[1] == sent, "the lazy one did not get what it had sent")
        expect_reset_at_end(network, name, versions)


def test_select_server():
    expect_many_at_once("select_server", (4,))


def test_poll_server():
    expect_many_at_once("poll_server", (4, 6))


def test_raw_echo():
    expect_many_at_once("raw_echo", (4, 6))


def test_netconn_echo():
    with Network() as network:
        with network.server("netconn_echo"):
            expect_echo(network, 4, 1)
            reset(network.connect(6))
            expect_echo(network, 6, 2)
        expect_reset_at_end(network, "netconn_echo", (6,))


def echo_one(listener):
    s, _ = listener.accept()
    s.settimeout(PATIENCE)
    while part := s.recv(64 * KIB):
        s.sendall(part)
    s.close()


def test_nonblocking_client():
    with Network() as network:
        for version in (4, 6):
            data = some_bytes(version, 1024 * KIB)
            listener = network.listen(version, socket.SOCK_STREAM, 7)
            peer = Together()
            peer.add(echo_one, listener)
            status, out, err = network.client("nonblocking_client", KERNEL[version], "7", text=data)
            expect((status, err) == (0, ""), f"status {status}: {err}")
            expect(out == data, f"IPv{version}: not what was sent")
            peer.wait()
            listener.close()
        status, out, err = network.client("nonblocking_client", KERNEL[4], "7")
        expect((status, out) == (1, b"") and "Connection refused" in err, f"{status} {err}")


def join4(s, group, index):
    s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                 socket.inet_aton(group) + struct.pack("@4si", bytes(4), index))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                 struct.pack("@4s4si", bytes(4), bytes(4), index))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)


def join6(s, group, index):
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                 socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", index))
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)


def expect_member(version, join, group, other, *interface):
    """The example greets the group, hears and answers what is said there, and nothing else."""
    name = f"multicast_v{version}"
    with Network() as network:
        s = network.socket(version, socket.SOCK_DGRAM)
        s.bind(("", 5000))
        with inside(network.ns):
            join(s, group, socket.if_nametoindex("tap0"))
        with network.server(name, group, "5000", *interface, sign="member") as server:
            hello, peer = s.recvfrom(2000)
            expect(hello == b"hello" and peer[:2] == (OURS[version], 5000), f"{hello} of {peer}")
            s.sendto(b"not for you", (other, 5000))
            back, peer = asked(s, b"who is there?", (group, 5000))
            expect(back == b"who is there?" and peer[:2] == (OURS[version], 5000), f"{back} {peer}")
            said = server.output()
            expect(f"{KERNEL[version]}: who is there?\n" in said and "not for you" not in said, said)


def test_multicast_v4():
    expect_member(4, join4, "239.1.2.3", "239.1.2.4")


def test_multicast_v6():
    expect_member(6, join6, "ff15::77", "ff15::78")


def test_multicast_v6_on_an_interface():
    expect_member(6, join6, "ff15::77", "ff15::78", "tp1")


def loop_echo(network):
    """The command of the example that has no threads."""
    return ["ip", "netns", "exec", network.ns.name, program("echo"), "--tap", "tap0",
            "--address", OURS[4] + "/24"]


def test_echo():
    with Network() as network, network.server("echo", command=loop_echo(network), sign="echoes"):
        ping_all(network.ns, OURS[4])
        data = some_bytes(1, 1400)
        expect(asked(network.socket(4, socket.SOCK_DGRAM), data, (OURS[4], 7))[0] == data, "echo")


def test_threads_at_once():
    """The device's thread, the stack's and sixteen of the application, all at work; pings, too."""
    with Network() as network, network.server("dual_stack_server"):
        need_tools("ping")
        both = Together()
        both.add(expect_many_echoes, network, (4, 6), 8, 2048 * KIB)
        both.add(ping_all, network.ns, OURS[4])
        both.add(ping_all, network.ns, OURS[6])
        both.wait()


def test_interface_is_deleted():
    """Whoever used it goes on without it, asleep, and ends when told to."""
    for name, is_loop in (("udp_server", False), ("echo", True)):
        with Network() as network:
            command = loop_echo(network) if is_loop else None
            with network.server(name, command=command, sign="port 7") as server:
                network.ns.ip("link", "del", "tap0")
                time.sleep(0.5)
                before = server.cpu_seconds()
                time.sleep(1)
                used = server.cpu_seconds() - before
                expect(used < 0.3, f"{name}: {used} s of processor time in one second")


if __name__ == "__main__":
    tests = [t for n, t in list(globals().items()) if n.startswith("test_")]
    sys.exit(main(tests, program=program("tcp_server"), jobs=4))
