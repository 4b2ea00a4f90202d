"""TCP between the stack under test (device_tcp.c) and the kernel, on one link with both IP versions."""

import contextlib
import ctypes
import os
import socket
import struct
import subprocess
import time

from netns import BUILD, Device, Namespace, expect, wait_for

DEVICE_TCP = os.path.join(BUILD, "tests", "interop-device_tcp")
PEER = os.path.join(BUILD, "tests", "interop-tcp_peer")

KERNEL = {4: "10.77.0.1", 6: "fd77::1"}
OURS = {4: "10.77.0.2", 6: "fd77::2"}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}

# Bits of tcpi_options (linux/tcp.h)
TIMESTAMPS, SACK, SCALING, ECN = 1, 2, 4, 8

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def inside(namespace):
    """What this thread makes meanwhile, sockets above all, belongs to the namespace."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace.name}", os.O_RDONLY)
    try:
        expect(libc.setns(there, CLONE_NEWNET) == 0, "setns")
        yield
    finally:
        libc.setns(here, CLONE_NEWNET)
        os.close(here)
        os.close(there)


class TcpDevice(Device):
    """tests/interop/device_tcp.c with all that is needed to talk to it by either IP version."""

    def __init__(self, namespace, *args, tap="--tap"):
        super().__init__(tap, "tap0", "--ip4", OURS[4] + "/24", "--ip6", OURS[6] + "/64", *args,
                         namespace=namespace, program=DEVICE_TCP)

    def do(self, command):
        answer = self.ask(command)
        expect(answer == "ok 0", f"{command}: {answer}")

    def connect(self, address, port, task="idle 0 0"):
        """Number of the connection, which may not stand yet."""
        answer = self.ask(f"connect {address} {port} {task}")
        expect(answer.isdigit(), f"connect: {answer}")
        return int(answer)

    def status(self, number):
        fields = dict(f.split("=") for f in self.ask(f"status {number}").split())
        return {k: v if k == "state" else int(v) for k, v in fields.items()}

    def wait_for(self, number, wanted, seconds=60):
        """Until its status is wanted; returns that."""
        return wait_for(lambda: self.status(number), wanted, seconds)

    def newest(self):
        """Number of the connection made last."""
        return self.counters("connections")["count"] - 1


class Link:
    """A namespace with the kernel at one end of tap0 and the device at the other."""

    def __init__(self, *args, sysctls=(), rto_min=None, tap="--tap"):
        self.args = args
        self.tap = tap
        self.sysctls = sysctls
        self.rto_min = rto_min  # of the kernel's: time with unit, as ip-route(8) has it
        self.stack = contextlib.ExitStack()
        self.port = 5000

    def __enter__(self):
        self.ns = self.stack.enter_context(Namespace("tcp"))
        # No duplicates are looked for, and nothing is kept of earlier connections.
        for setting in ("ipv6.conf.all.accept_dad=0", "ipv6.conf.default.accept_dad=0",
                        "ipv4.tcp_no_metrics_save=1", *self.sysctls):
            self.ns.sysctl("net." + setting)
        self.ns.add_tap("tap0", KERNEL[4] + "/24")
        self.ns.ip("addr", "add", KERNEL[6] + "/64", "dev", "tap0", "nodad")
        if self.rto_min:
            for net, metric in (("10.77.0.0/24", "0"), ("fd77::/64", "256")):
                self.ns.ip("route", "replace", net, "dev", "tap0", "metric", metric, "rto_min",
                           self.rto_min)
        self.device = self.stack.enter_context(TcpDevice(self.ns, *self.args, tap=self.tap))
        return self

    def __exit__(self, *what):
        return self.stack.__exit__(*what)

    def next_port(self):
        self.port += 1
        return self.port

    # --- sockets of the kernel's, used by the test itself ---

    def socket(self, family=4, timeout=60):
        with inside(self.ns):
            s = socket.socket(FAMILY[family], socket.SOCK_STREAM)
        s.settimeout(timeout)
        return self.stack.enter_context(s)

    def listener(self, family=4):
        s = self.socket(family)
        s.bind((KERNEL[family], self.next_port()))
        s.listen(200)
        return s

    def accepted(self, listener):
        s, _ = listener.accept()
        s.settimeout(60)
        return self.stack.enter_context(s)

    def pair(self, task="idle 0 0", family=4, is_ours=True):
        """(kernel's socket, number of the device's connection); who calls is_ours: the device."""
        if is_ours:
            listener = self.listener(family)
            number = self.device.connect(KERNEL[family], listener.getsockname()[1], task)
            s = self.accepted(listener)
        else:
            port = self.next_port()
            self.device.do(f"listen {port} {task}")
            s = self.socket(family)
            before = self.device.counters("connections")["count"]
            s.connect((OURS[family], port))
            wait_for(lambda: self.device.counters("connections")["count"], lambda n: n > before)
            number = self.device.newest()
        self.device.wait_for(number, lambda st: st["connected"])
        return s, number

    # --- whole transfers ---

    def start_peer(self, *args):
        return subprocess.Popen(["ip", "netns", "exec", self.ns.name, PEER, *map(str, args)],
                                stdout=subprocess.PIPE, text=True)

    def finish_peer(self, peer, seconds):
        """Its last lines, split, once all is done."""
        try:
            out, _ = peer.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            sockets = self.ns.exec("ss", "-tinm", check=False)
            peer.kill()
            peer.communicate()
            expect(False, f"not done in {seconds} s:\n{sockets}")
        expect(peer.returncode == 0, f"the kernel's end: {out}")
        return [line.split() for line in out.split("\n") if line and line != "listening"]

    def transfer(self, length, is_out, family=4, is_ours=True, seed=1, seconds=300):
        """`length` bytes, exact. is_out: the stack sends; is_ours: the stack connects.

        Returns (seconds, tcpi_options of the kernel, retransmissions of the kernel's, status)."""
        port = self.next_port()
        task = f"{'source' if is_out else 'sink'} {seed} {length}"
        peer_mode = "sink" if is_out else "source"
        if is_ours:
            peer = self.start_peer("listen", KERNEL[family], port, peer_mode, seed, length)
            try:
                expect(peer.stdout.readline() == "listening\n", "the kernel does not listen")
                number = self.device.connect(KERNEL[family], port, task)
            except BaseException:
                peer.kill()
                raise
        else:
            self.device.do(f"listen {port} {task}")
            number = self.device.newest() + 1
            peer = self.start_peer("connect", OURS[family], port, peer_mode, seed, length)
        ((done, took, again, options),) = self.finish_peer(peer, seconds)
        status = self.device.wait_for(number, lambda st: st["state"] == "ENDED")
        expect(int(done) == length and status["err"] == 0 and status["closed"] == 1
               and status["wrong"] == -1, f"{done}: {status}")
        if is_out:
            expect(status["written"] == length, str(status))
        else:
            expect(status["received"] == length, str(status))
        if not is_ours:
            self.device.do(f"unlisten {port}")
        return float(took), int(options, 16), int(again), status


def read_exactly(s, length):
    data = b""
    while len(data) < length:
        part = s.recv(min(length - len(data), 1 << 20))
        expect(part, f"{len(data)} bytes and the end, not {length}")
        data += part
    return data


def read_to_end(s):
    data = b""
    while part := s.recv(1 << 20):
        data += part
    return data


def stays(question, seconds, holds):
    """It goes on to hold for that long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        expect(holds(answer), str(answer))
        time.sleep(0.2)


def reset_on_close(s):
    """Closing it sends a reset."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
