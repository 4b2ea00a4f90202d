#!/usr/bin/env python3
"""A TAP interface by which the kernel and the stack leave work to each other (port/ethdev.h,
ethdev_open_tap_offload()): all bytes arrive, in few packets."""

import socket
import sys

from netns import expect, main, need_root, ping_all
from nettcp import DEVICE_TCP, FAMILY, KERNEL, OURS, Link, inside

MIB = 1 << 20
LENGTH = 8 * MIB


def packets(link, direction):
    return int(link.ns.exec("cat", f"/sys/class/net/tap0/statistics/{direction}_packets"))


def transfer(family, is_out):
    def test():
        need_root()
        with Link(tap="--tap-offload") as link:
            before = packets(link, "rx" if is_out else "tx")
            link.transfer(LENGTH, is_out=is_out, family=family)
            count = packets(link, "rx" if is_out else "tx") - before
            expect(count < LENGTH / 1460 * 3 / 4, f"{count} packets for {LENGTH} bytes")
            drops = link.device.ask("drops")
            expect("checksum" not in drops and "bad" not in drops, drops)
    test.__name__ = f"test_{'out' if is_out else 'in'}_ipv{family}"
    return test


def test_other_protocols():
    """ICMP, UDP with checksums left to the receiver, fragments."""
    need_root()
    with Link(tap="--tap-offload") as link:
        for family in (4, 6):
            ping_all(link.ns, OURS[family])
            ping_all(link.ns, OURS[family], "-s", "4000")
            with inside(link.ns):
                s = socket.socket(FAMILY[family], socket.SOCK_DGRAM)
            with s:
                s.settimeout(5)
                for length in (0, 1, 1400, 1472, 5000):
                    expect(echoed(s, family, bytes(i % 251 for i in range(length))),
                           f"no echo of {length} bytes by IPv{family}")


def echoed(s, family, data):
    """The device sends it back; a busy machine may lose one."""
    for _ in range(5):
        s.sendto(data, (OURS[family], 7))
        try:
            if s.recv(65536) == data:
                return True
        except TimeoutError:
            pass
    return False


def test_other_end_is_small():
    """A peer whose MSS is small is not sent more per segment than that."""
    need_root()
    with Link(tap="--tap-offload") as link:
        link.ns.ip("route", "replace", "10.77.0.0/24", "dev", "tap0", "advmss", "700", "src",
                   KERNEL[4])
        link.transfer(MIB, is_out=True)
        link.transfer(MIB, is_out=False)


if __name__ == "__main__":
    sys.exit(main([transfer(f, out) for f in (4, 6) for out in (True, False)]
                  + [test_other_protocols, test_other_end_is_small], program=DEVICE_TCP, jobs=2))
