#!/usr/bin/env python3
"""The stack's iPerf against Debian's, over TAP, both IP versions and both ways."""

import os
import re
import sys

from netns import (BUILD, Daemon, Device, Namespace, expect, main, need_root, need_tools,
                   wait_for)

PROGRAM = os.path.join(BUILD, "tests", "interop-device_apps")
KERNEL = {4: "10.78.0.1", 6: "fd78::1"}
OURS = {4: "10.78.0.2", 6: "fd78::2"}


class Link:
    def __enter__(self):
        self.ns = Namespace("iperf").__enter__()
        self.ns.add_tap("tap0", KERNEL[4] + "/24")
        self.ns.ip("addr", "add", KERNEL[6] + "/64", "dev", "tap0", "nodad")
        self.device = Device("--tap", "tap0", "--ip4", OURS[4] + "/24", "--ip6", OURS[6] + "/64",
                             namespace=self.ns, program=PROGRAM).__enter__()
        return self

    def __exit__(self, *what):
        self.device.__exit__(*what)
        self.ns.__exit__(*what)

    def reports(self, count):
        """[(how, bytes, ms, kbit/s)] once there are so many."""
        lines = wait_for(lambda: self.device.ask("iperf-reports").split(),
                         lambda words: int(words[0]) >= count, 90)
        expect(int(lines[0]) == count, str(lines))
        return [(f[0], *map(int, f[1:])) for f in (word.split(",") for word in lines[1:])]


def check(reports, *wanted):
    expect(sorted(r[0] for r in reports) == sorted(wanted), str(reports))
    for how, sent, ms, kbits in reports:
        expect(sent > 100000 and ms > 500 and kbits > 0, f"{how}: {sent} {ms} {kbits}")
        expect(sent == 0xffffffff or abs(sent * 8 / ms - kbits) <= kbits / 100 + 8,
               f"{sent} bytes in {ms} ms are not {kbits} kbit/s")


def client_of_debian(family, *way):
    def test():
        need_root()
        need_tools("iperf")
        with Link() as link:
            expect(link.device.ask("iperf-server") == "ok", "no server")
            version = ["-V"] if family == 6 else []
            out = link.ns.exec("iperf", "-c", OURS[family], "-t", "1", *version, *way, timeout=120)
            expect(re.search(r"bits/sec", out), out)
            check(link.reports(2 if way else 1), "done-server", *(["done-client"] if way else []))
    test.__name__ = f"test_client_of_debian_ipv{family}" + "".join(way).replace("-", "_")
    return test


def server_of_debian(family, way=""):
    def test():
        need_root()
        need_tools("iperf")
        with Link() as link:
            version = ["-V"] if family == 6 else []
            with Daemon(link.ns, "iperf", "-s", *version) as server:
                wait_for(lambda: link.ns.exec("ss", "-tln"), lambda out: ":5001 " in out, 30)
                expect(link.device.ask(f"iperf-client {KERNEL[family]} {way}") == "ok", "no client")
                reports = link.reports(2 if way else 1)
                check(reports, "done-client", *(["done-server"] if way else []))
                wait_for(server.output, lambda out: "bits/sec" in out, 30)
    test.__name__ = f"test_server_of_debian_ipv{family}" + (f"_{way}" if way else "")
    return test


if __name__ == "__main__":
    sys.exit(main([client_of_debian(4), client_of_debian(6), client_of_debian(4, "-d"),
                   client_of_debian(6, "-r"), server_of_debian(4), server_of_debian(6),
                   server_of_debian(4, "dual"), server_of_debian(6, "tradeoff")],
                  program=PROGRAM, jobs=4))
