"""The stack under test on IPv6 links: what the IPv6 interop tests share."""

import contextlib
import ipaddress
import os
import signal
import sys

from netns import (DEVICE6, Daemon, Device, Namespace, expect, pcapng_packets, ping_all,
                   python_in,
                   temporary_folder, wait_for)

NO_DAD = ("net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
          "net.ipv6.conf.all.dad_transmits=0", "net.ipv6.conf.default.dad_transmits=0")

UDP_ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.settimeout(5)
for i in range(3):
    try:
        s.sendto(b"still there?", socket.getaddrinfo(sys.argv[1], 7)[0][4])
        assert s.recv(100) == b"still there?"
        break
    except TimeoutError:
        if i == 2:
            raise
"""

# Answers every datagram on port 7777 with its own name and the asker's address.
NAMED_ECHO = """
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 7777))
while True:
    data, asker = s.recvfrom(2000)
    s.sendto((sys.argv[1] + "," + asker[0].split("%")[0]).encode(), asker)
"""


def address(text):
    return ipaddress.IPv6Address(text)


class Device6(Device):
    """tests/interop/device6.c."""

    def __init__(self, namespace, *args):
        super().__init__(*args, namespace=namespace, program=DEVICE6)

    def table(self, command):
        """The answer KEY=A,B,C ... as {KEY: [A, B, C]}, addresses as such."""
        table = {}
        for entry in self.ask(command).split():
            key, _, values = entry.partition("=")
            with contextlib.suppress(ValueError):
                key = address(key)
            table[key] = values.split(",")
        return table

    def do(self, command):
        answer = self.ask(command)
        expect(answer == "ok 0", f"{command}: {answer}")

    def wait_for(self, command, wanted, seconds=40):
        """Until the table is wanted; returns it."""
        return wait_for(lambda: self.table(command), wanted, seconds)

    def wait_for_text(self, command, wanted, seconds=40):
        return wait_for(lambda: self.ask(command), wanted, seconds)

    def linklocal(self, seconds=40):
        """The link-local address, once it may be used."""
        table = self.wait_for("addresses", lambda t: any(
            a.is_link_local and v[0] == "preferred" for a, v in t.items()), seconds)
        return next(a for a in table if a.is_link_local)

    def slaac(self, prefix, state="preferred", seconds=40):
        """(address, its fields) of the one made of this prefix, once it is in this state."""
        network = ipaddress.IPv6Network(prefix)

        def made(table):
            return [(a, v) for a, v in table.items() if a in network and v[2] == "slaac"
                    and v[0] == state]
        return made(self.wait_for("addresses", made, seconds))[0]

    @contextlib.contextmanager
    def captured(self):
        """What goes in and out meanwhile: a list that is filled when the block ends."""
        packets = []
        with temporary_folder() as folder:
            path = os.path.join(folder, "a.pcapng")
            expect(self.ask("capture " + path) == "ok", "capture")
            try:
                yield packets
            finally:
                expect(self.ask("capture-stop") == "ok", "capture-stop")
                packets += [Packet(flags, frame) for flags, frame in pcapng_packets(path)
                            if frame[12:14] == b"\x86\xdd"]


class Packet:
    """An IPv6 packet on the wire. is_out: the stack under test sent it."""

    def __init__(self, flags, frame):
        self.is_out = flags & 3 == 2
        self.frame = frame
        self.src, self.dst = address(frame[22:38]), address(frame[38:54])
        self.hop_limit, self.next_header = frame[21], frame[20]
        self.payload = frame[54:]
        self.icmp_type = self.payload[0] if self.next_header == 58 else None
        # Neighbor Discovery but router solicitations and advertisements
        self.target = address(self.payload[8:24]) if self.icmp_type in (135, 136, 137) else None


@contextlib.contextmanager
def one_link(*addresses, label="a"):
    """A namespace with tap0, where the device is to be opened, and the kernel's addresses."""
    with Namespace(label) as ns:
        for setting in NO_DAD:
            ns.sysctl(setting)
        ns.add_tap("tap0")
        for a in addresses:
            ns.ip("addr", "add", a, "dev", "tap0", "nodad")
        yield ns


class Lan:
    """A bridge with tap0, for the device, and hosts with an eth0, each a namespace of its own."""

    def __init__(self):
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.bridge = self.stack.enter_context(Namespace("lan"))
        for setting in NO_DAD:
            self.bridge.sysctl(setting)
        # Without snooping: every host hears every group.
        self.bridge.ip("link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        self.bridge.ip("link", "set", "br0", "up")
        self.bridge.add_tap("tap0")
        self.bridge.ip("link", "set", "tap0", "master", "br0")
        return self

    def __exit__(self, *_):
        self.stack.close()

    def host(self, name, *addresses, forwards=False):
        ns = self.stack.enter_context(Namespace(name))
        for setting in NO_DAD:
            ns.sysctl(setting)
        if forwards:
            ns.sysctl("net.ipv6.conf.all.forwarding=1")
        self.bridge.ip("link", "add", "to-" + name, "type", "veth", "peer", "name", "eth0",
                       "netns", ns.name)
        self.bridge.ip("link", "set", "to-" + name, "master", "br0", "up")
        ns.ip("link", "set", "eth0", "up")
        for a in addresses:
            ns.ip("addr", "add", a, "dev", "eth0", "nodad")
        return ns


def linklocal_of(ns, interface):
    def found():
        return [line.split()[1].partition("/")[0]
                for line in ns.ip("-6", "addr", "show", "dev", interface, "scope", "link").split("\n")
                if "inet6 fe80" in line and "tentative" not in line]
    return wait_for(found, bool)[0]


def expect_alive(ns, target, count=1):
    """It answers pings and echoes UDP; twice the size of a frame too."""
    python_in(ns, UDP_ECHO, str(target))
    for size in (56, 3000):
        ping_all(ns, "-6", "-s", str(size), str(target), count=count)


@contextlib.contextmanager
def named_echo(ns, name):
    """NAMED_ECHO in a namespace."""
    with Daemon(ns, sys.executable, "-c", NAMED_ECHO, name) as daemon:
        wait_for(lambda: ns.exec("ss", "-6nul"), lambda out: ":7777" in out)
        yield daemon


class Radvd(Daemon):
    """radvd(8) on `interface` of a namespace. `config`: what stands in the interface's braces."""

    def __init__(self, ns, config, interface="eth0"):
        self.folder = temporary_folder()
        self.path = os.path.join(self.folder.name, "radvd.conf")
        self.interface = interface
        self.write(config)
        # Ours: it ends with what must go at once, and starts only where link-local works.
        linklocal_of(ns, interface)
        super().__init__(ns, "radvd", "-n", "-d", "1", "-m", "stderr", "-C", self.path,
                         "-p", os.path.join(self.folder.name, "pid"))

    def write(self, config):
        with open(self.path, "w", encoding="ascii") as f:
            f.write(f"interface {self.interface} {{ AdvSendAdvert on; {config} }};\n")

    def change(self, config):
        self.write(config)
        self.process.send_signal(signal.SIGHUP)

    def __exit__(self, *args):
        super().__exit__(*args)
        self.folder.cleanup()

