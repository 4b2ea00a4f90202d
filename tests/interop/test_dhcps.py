#!/usr/bin/env python3
"""The DHCP server against dhclient, udhcpc and dhcpcd over TAP.

Each gets a lease and uses it, prolongs it, is told no (DHCPNAK) when its address has left the pool
and gets another one, and releases that.
"""

import os
import signal
import sys

from netns import (BUILD, Daemon, Device, Namespace, expect, main, need_root, need_tools,
                   temporary_folder, wait_for)

PROGRAM = os.path.join(BUILD, "tests", "interop-device_dhcps")
SERVER = "10.77.0.1"
# The clients wish for so short leases that they come back soon.
LEASE_S = 24

# What clients call when something has changed: nothing but the address, nothing outside of the
# namespace.
SCRIPT = """#!/bin/sh
echo "$1 $reason $interface $new_ip_address $ip"
case "$1$reason" in
bound|renew|BOUND|REBOOT|RENEW|REBIND)
  [ "$MANAGES" ] || ip addr replace "${new_ip_address:-$ip}/24" dev tap0 ;;
deconfig|nak|PREINIT|EXPIRE|FAIL|RELEASE|STOP)
  [ "$MANAGES" ] || ip -4 addr flush dev tap0 ;;
esac
"""

DHCLIENT = """send host-name "penguin"; send dhcp-lease-time %d;
request subnet-mask, routers, domain-name-servers, interface-mtu;
initial-interval 1; backoff-cutoff 2; retry 2; timeout 60; reboot 5;
""" % LEASE_S

DHCPCD = """hostname penguin
leasetime %d
nohook resolv.conf
noipv6
noipv4ll
""" % LEASE_S


class Link:
    """A namespace with tap0 for the client, and the server at the other end."""

    def __init__(self):
        need_root()
        self.folder = temporary_folder()

    def __enter__(self):
        self.ns = Namespace("dhcps")
        self.ns.__enter__()
        self.ns.add_tap("tap0")
        self.device = Device("--tap", "tap0", namespace=self.ns, program=PROGRAM)
        self.device.__enter__()
        self.do("pool 10.77.0.100 10.77.0.110")
        self.do("serve")
        self.file("script", SCRIPT)
        return self

    def __exit__(self, *args):
        self.device.__exit__(*args)
        self.ns.__exit__(*args)
        self.folder.cleanup()

    def do(self, command):
        expect(self.device.ask(command) == "ok 0", command)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), 0o755)
        return self.path(name)

    def leases(self):
        """{address: (seconds left, host name)}"""
        answer = {}
        for word in self.device.ask("leases").split():
            address, _, rest = word.partition("=")
            left, _, name = rest.partition(",")
            answer[address] = (int(left), name)
        return answer

    def wait_lease(self, address, seconds=90):
        """The server says that it is leased, and the client has it, and it works."""
        wait_for(self.leases, lambda leases: list(leases) == [address], seconds)
        wait_for(lambda: self.ns.ip("-4", "addr", "show", "dev", "tap0"),
                 lambda out: f" {address}/24 " in out, seconds)
        wait_for(lambda: self.ns.exec("ping", "-n", "-c", "1", "-W", "2", SERVER, check=False),
                 lambda out: " 1 received" in out, seconds)

    def wait_renewal(self, address):
        """More is left of the lease than a moment ago."""
        last = [LEASE_S]

        def has_grown():
            left = self.leases().get(address, (0, ""))[0]  # on a slow machine it may have ended
            is_more, last[0] = left > last[0], left
            return is_more

        wait_for(has_grown, bool, 90)


def serve_client(start, release, renew=lambda client: None):
    with Link() as link:
        with start(link) as client:
            try:
                link.wait_lease("10.77.0.100")
                left, name = link.leases()["10.77.0.100"]
                expect(0 < left <= LEASE_S and name == "penguin", f"{left} {name}")
                expect(link.device.ask("find penguin") == "10.77.0.100", "not found by its name")
                renew(client)
                link.wait_renewal("10.77.0.100")
                link.do("pool 10.77.0.120 10.77.0.130")
                renew(client)
                link.wait_lease("10.77.0.120")
                release(link, client)
                wait_for(link.leases, lambda leases: not leases, 30)
            except Exception:
                print("# " + client.output().replace("\n", "\n# "))
                raise


def test_dhclient():
    need_tools("dhclient")

    def start(link):
        link.options = ["-4", "-cf", link.file("conf", DHCLIENT), "-lf", link.file("leases", ""),
                        "-pf", link.path("pid"), "-sf", link.path("script")]
        return Daemon(link.ns, "dhclient", "-d", *link.options, "tap0")

    serve_client(start, lambda link, _: link.ns.exec("dhclient", "-r", *link.options, "tap0"))


def test_udhcpc():
    need_tools("udhcpc")

    def start(link):
        return Daemon(link.ns, "udhcpc", "-f", "-i", "tap0", "-s", link.path("script"), "-t", "5",
                      "-T", "1", "-A", "2", "-x", "hostname:penguin", "-x", f"0x33:{LEASE_S:08x}")

    serve_client(start, lambda _, client: client.process.send_signal(signal.SIGUSR2),
                 lambda client: client.process.send_signal(signal.SIGUSR1))


def test_dhcpcd():
    need_tools("dhcpcd")

    def start(link):
        # A mount namespace of its own, from ip(8): its files are those of this test.
        command = ("mount -t tmpfs none /var/lib/dhcpcd && mount -t tmpfs none /run && "
                   f"MANAGES=1 exec dhcpcd -B -d -4 -f {link.file('conf', DHCPCD)} "
                   f"-c {link.path('script')} tap0")
        return Daemon(link.ns, "sh", "-c", command)

    serve_client(start, lambda _, client: client.process.send_signal(signal.SIGALRM),
                 lambda client: client.process.send_signal(signal.SIGUSR1))


if __name__ == "__main__":
    sys.exit(main([test_dhclient, test_udhcpc, test_dhcpcd], PROGRAM, jobs=3))
