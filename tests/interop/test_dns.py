#!/usr/bin/env python3
"""Names from dnsmasq, over TAP: addresses, aliases, the cache, failover, truncated answers."""

import os
import sys

from netns import BUILD, Daemon, Device, Namespace, expect, main, need_root, need_tools, wait_for

PROGRAM = os.path.join(BUILD, "tests", "interop-device_apps")
KERNEL, KERNEL6 = "10.79.0.1", "fd79::1"
NOBODY = "10.79.0.77"


class Link:
    """The stack, the kernel with dnsmasq at the other end. `records`: options of dnsmasq."""

    def __init__(self, *records, servers=(KERNEL,)):
        self.records, self.servers = records, servers

    def __enter__(self):
        self.ns = Namespace("dns").__enter__()
        self.ns.add_tap("tap0", KERNEL + "/24")
        self.ns.ip("addr", "add", KERNEL6 + "/64", "dev", "tap0", "nodad")
        self.ns.ip("link", "set", "lo", "up")
        self.device = Device("--tap", "tap0", "--ip4", "10.79.0.2/24", "--ip6", "fd79::2/64",
                             namespace=self.ns, program=PROGRAM).__enter__()
        self.start()
        for place, server in enumerate(self.servers):
            expect(self.device.ask(f"dns-server {place} {server}") == "ok", "dns-server")
        return self

    def start(self):
        self.daemon = Daemon(self.ns, "dnsmasq", "-k", "-C", "/dev/null", "--no-resolv",
                             "--no-hosts", "--log-queries", "--log-facility=-", "-u", "root",
                             "--pid-file=", "--local=/lab.test/", *self.records).__enter__()
        wait_for(lambda: self.ns.exec("ss", "-uln"), lambda out: ":53 " in out, 30)

    def __exit__(self, *what):
        self.daemon.__exit__(*what)
        self.device.__exit__(*what)
        self.ns.__exit__(*what)

    def resolve(self, name, family=""):
        """[status, canonical name, addresses ...]"""
        expect(self.device.ask(f"resolve {name} {family}") == "ok", "resolve")
        return wait_for(lambda: self.device.ask("resolved"), lambda out: out != "wait", 90).split()

    def queries(self, name):
        return self.daemon.output().lower().count(f"] {name} from")


def needs():
    need_root()
    need_tools("dnsmasq", "ss")


def test_addresses():
    needs()
    with Link("--host-record=a.lab.test,192.0.2.9,2001:db8::9",
              "--host-record=many.lab.test,192.0.2.1", "--host-record=many.lab.test,192.0.2.2",
              "--host-record=many.lab.test,192.0.2.3") as link:
        expect(link.resolve("a.lab.test") == ["ok", "-", "2001:db8::9", "192.0.2.9"], "both")
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "IPv4")
        expect(link.resolve("A.Lab.Test.", 6) == ["ok", "-", "2001:db8::9"], "IPv6")
        found = link.resolve("many.lab.test", 4)
        expect(sorted(found[2:]) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"], str(found))


def test_aliases():
    needs()
    with Link("--host-record=a.lab.test,192.0.2.9", "--cname=www.lab.test,a.lab.test",
              "--cname=w2.lab.test,www.lab.test") as link:
        found = link.resolve("w2.lab.test", 4)
        expect(found == ["ok", "a.lab.test", "192.0.2.9"], str(found))


def test_names_that_are_not_there():
    needs()
    with Link("--host-record=a.lab.test,192.0.2.9") as link:
        expect(link.resolve("nosuch.lab.test", 4) == ["no-name", "-"], "no name")
        expect(link.resolve("a.lab.test", 6) == ["no-data", "-"], "no data")


def test_cache():
    needs()
    with Link("--host-record=a.lab.test,192.0.2.9,3600") as link:
        for _ in range(5):
            expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")
        wait_for(lambda: link.queries("a.lab.test"), lambda n: n >= 1, 30)
        expect(link.queries("a.lab.test") == 1, link.daemon.output())


def test_over_ipv6():
    needs()
    with Link("--host-record=a.lab.test,192.0.2.9", servers=(KERNEL6,)) as link:
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")


def test_second_server():
    """The first address is nobody's."""
    needs()
    with Link("--host-record=a.lab.test,192.0.2.9", servers=(NOBODY, KERNEL)) as link:
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")


def test_nobody_serves():
    """ICMP says so, at once."""
    needs()
    with Link() as link:
        link.daemon.stop()
        found = link.resolve("a.lab.test", 4)
        expect(found == ["try-again", "-"], str(found))


def test_truncated():
    """64 addresses are more than 512 bytes hold."""
    needs()
    records = [f"--host-record=big.lab.test,192.0.2.{i}" for i in range(1, 65)]
    with Link(*records) as link:
        found = link.resolve("big.lab.test", 4)
        expect("truncated" in found[0], str(found))


if __name__ == "__main__":
    sys.exit(main([test_addresses, test_aliases, test_names_that_are_not_there, test_cache,
                   test_over_ipv6, test_second_server, test_nobody_serves, test_truncated],
                  program=PROGRAM, jobs=4))
