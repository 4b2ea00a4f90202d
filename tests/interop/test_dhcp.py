#!/usr/bin/env python3
"""The DHCP client against dnsmasq, ISC dhcpd and udhcpd over TAP.

A lease with all that goes with it, renewal, expiry, a refusal by a server that has moved to another
subnet, an address that somebody has taken, no server at all.
"""

import os
import sys

from netns import (BUILD, Daemon, Device, Namespace, expect, main, need_root, need_tools,
                   temporary_folder, wait_for)

PROGRAM = os.path.join(BUILD, "tests", "interop-device_dhcp")
SERVER = "10.77.0.1"
# DHCP_STATE_BOUND
BOUND = "10"


class Dnsmasq(Daemon):
    """dnsmasq(8) as a DHCP server on tap0."""

    def __init__(self, ns, *options):
        self.folder = temporary_folder()
        super().__init__(ns, "dnsmasq", "-k", "-C", "/dev/null", "-p0", "-i", "tap0",
                         "--bind-interfaces", "-u", "root", "--log-facility=-", "--log-dhcp",
                         "--no-ping", "--dhcp-authoritative",
                         "--dhcp-leasefile=" + os.path.join(self.folder.name, "leases"),
                         "--pid-file=" + os.path.join(self.folder.name, "pid"), *options)

    def __enter__(self):
        wait_for(self.output, lambda text: "DHCP, IP range" in text)
        return self

    def __exit__(self, *args):
        super().__exit__(*args)
        self.folder.cleanup()

    def saw(self, message, count=1):
        """It logged this message so often at least, such as DHCPREQUEST."""
        return wait_for(self.output, lambda text: text.count(message + "(tap0)") >= count)


class Configured(Daemon):
    """A server with a configuration file; CONF and LEASES in its command become paths."""

    def __init__(self, ns, command, config, config_of=lambda leases: ""):
        self.folder = temporary_folder()
        conf, leases = (os.path.join(self.folder.name, n) for n in ("conf", "leases"))
        with open(conf, "w", encoding="utf-8") as f:
            f.write(config + config_of(leases))
        with open(leases, "w", encoding="utf-8"):
            pass
        words = [{"CONF": conf, "LEASES": leases, "PID": leases + ".pid"}.get(w, w)
                 for w in command.split()]
        super().__init__(ns, *words)

    def __exit__(self, *args):
        super().__exit__(*args)
        self.folder.cleanup()


class Link:
    """A namespace with tap0 at its end of the line, and the client at the other."""

    def __init__(self, *addresses):
        self.addresses = addresses

    def __enter__(self):
        need_root()
        need_tools("dnsmasq")
        self.ns = Namespace("dhcp")
        self.ns.__enter__()
        self.ns.add_tap("tap0", SERVER + "/24")
        for address in self.addresses:
            self.ns.ip("addr", "add", address, "dev", "tap0")
        return self.ns

    def __exit__(self, *args):
        self.ns.__exit__(*args)


def client(ns):
    return Device("--tap", "tap0", namespace=ns, program=PROGRAM)


def status(device):
    """What `status` says; of what stands there more than once, all."""
    fields = {}
    for field in device.ask("status").split():
        name, _, value = field.partition("=")
        fields.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def do(device, command):
    expect(device.ask(command) == "ok 0", command)


def wait_bound(device, wanted=lambda s: True):
    return wait_for(lambda: status(device), lambda s: s["state"] == BOUND and wanted(s), 150)


def expect_alive(ns, fields):
    wait_for(lambda: ns.exec("ping", "-n", "-c", "1", "-W", "2", fields["addr"].split("/")[0],
                             check=False), lambda out: " 1 received" in out)


def test_lease():
    with Link() as ns, client(ns) as device, \
            Dnsmasq(ns, "--dhcp-range=10.77.0.100,10.77.0.150,600",
                    "--dhcp-option=option:router,10.77.0.254",
                    "--dhcp-option=option:dns-server,10.77.0.1,10.77.0.9",
                    "--dhcp-option=option:domain-name,lab.test",
                    "--dhcp-option=option:mtu,1400",
                    "--dhcp-option=121,192.168.5.0/24,10.77.0.3,0.0.0.0/0,10.77.0.253") as server:
        do(device, "start")
        fields = wait_bound(device)
        expect(fields["addr"].startswith("10.77.0.1") and fields["addr"].endswith("/24"),
               str(fields))
        expect(fields["server"] == SERVER and 540 <= int(fields["left"]) <= 600, str(fields))
        expect(fields["domain"] == "lab.test" and fields["mtu"] == "1400", str(fields))
        expect(fields["dns"] == ["10.77.0.1", "10.77.0.9"], str(fields))
        # RFC 3442: the routes take the place of the router.
        expect(fields["gateway"] == "10.77.0.253", str(fields))
        expect(fields["route"] == "192.168.5.0/24,10.77.0.3", str(fields))
        expect("gossamer-test" in server.output(), "no host name:\n" + server.output())
        expect_alive(ns, fields)
        do(device, "stop")
        server.saw("DHCPRELEASE")
        fields = status(device)
        expect(fields["addr"] == "0.0.0.0" and fields["mtu"] == "1500" and "dns" not in fields
               and "route" not in fields, str(fields))


def test_renewal():
    with Link() as ns, client(ns) as device, \
            Dnsmasq(ns, "--dhcp-range=10.77.0.100,10.77.0.150,120",
                    "--dhcp-option=option:T1,4s", "--dhcp-option=option:T2,60s") as server:
        do(device, "start")
        first = wait_bound(device)
        discovers = server.output().count("DHCPDISCOVER(tap0)")
        server.saw("DHCPREQUEST", 3)  # one for the lease, two when T1 was over
        later = wait_bound(device)
        expect(later["addr"] == first["addr"], f"{first} {later}")
        do(device, "renew")
        server.saw("DHCPACK", 4)
        expect(server.output().count("DHCPDISCOVER(tap0)") == discovers, server.output())
        expect_alive(ns, later)


def test_refusal():
    with Link("10.88.0.1/24") as ns, client(ns) as device:
        with Dnsmasq(ns, "--dhcp-range=10.77.0.100,10.77.0.150,600"):
            do(device, "start")
            wait_bound(device)
        # The same wire, another network: its server refuses the address of before.
        ns.ip("addr", "del", SERVER + "/24", "dev", "tap0")
        do(device, "link down")
        with Dnsmasq(ns, "--dhcp-range=10.88.0.100,10.88.0.150,600") as server:
            do(device, "link up")
            fields = wait_bound(device, lambda s: s["addr"].startswith("10.88.0."))
            server.saw("DHCPNAK")
            expect_alive(ns, fields)


def test_address_that_is_taken():
    # It is the server's own, so answers to it go to all: by unicast it would hear them itself.
    taken = "10.77.0.100"
    with Link(taken + "/24") as ns, client(ns) as device, \
            Dnsmasq(ns, "--dhcp-range=10.77.0.100,10.77.0.101,600",
                    "--dhcp-sequential-ip", "--dhcp-broadcast") as server:
        do(device, "start")
        fields = wait_bound(device)
        expect(fields["addr"] == "10.77.0.101/24", str(fields))
        server.saw("DHCPDECLINE")
        expect_alive(ns, fields)


def test_no_server_and_then_one():
    with Link("169.254.1.1/16") as ns, client(ns) as device:
        do(device, "start")
        fields = wait_for(lambda: status(device), lambda s: s["autoip"] == "1", 150)
        expect(fields["addr"].startswith("169.254."), str(fields))
        expect_alive(ns, fields)
        with Dnsmasq(ns, "--dhcp-range=10.77.0.100,10.77.0.150,600"):
            fields = wait_bound(device)
            expect(fields["addr"].startswith("10.77.0.") and fields["autoip"] == "0", str(fields))
            expect_alive(ns, fields)


def test_dhcpd_and_expiry():
    need_tools("dhcpd")
    config = """authoritative; default-lease-time 16; max-lease-time 16; min-lease-time 16;
                subnet 10.77.0.0 netmask 255.255.255.0 { range 10.77.0.100 10.77.0.150;
                option routers 10.77.0.1; option domain-name "lab.test";
                option dhcp-renewal-time 4; option dhcp-rebinding-time 10; }"""
    with Link() as ns, client(ns) as device:
        with Configured(ns, "dhcpd -4 -f -d -cf CONF -lf LEASES -pf PID tap0", config) as server:
            wait_for(server.output, lambda text: "Listening on" in text)
            do(device, "start")
            first = wait_bound(device)
            expect(first["domain"] == "lab.test" and first["gateway"] == SERVER, str(first))
            # Renewed by unicast when T1 was over.
            wait_for(server.output, lambda text: text.count("DHCPACK on") >= 3)
            expect_alive(ns, wait_bound(device, lambda s: s["addr"] == first["addr"]))
        # Nobody prolongs it: it ends.
        wait_for(lambda: status(device), lambda s: s["addr"] != first["addr"], 60)


def test_udhcpd():
    need_tools("busybox")
    config = ("start 10.77.0.100\nend 10.77.0.150\ninterface tap0\noption subnet 255.255.255.0\n"
              "option router 10.77.0.1\noption lease 600\n")
    with Link() as ns, client(ns) as device, \
            Configured(ns, "busybox udhcpd -f CONF", config,
                       lambda leases: f"lease_file {leases}\npidfile {leases}.pid\n"):
        do(device, "start")
        fields = wait_bound(device)
        expect(fields["addr"].endswith("/24") and fields["gateway"] == SERVER, str(fields))
        do(device, "renew")
        expect_alive(ns, wait_bound(device))
        do(device, "stop")


if __name__ == "__main__":
    sys.exit(main([test_lease, test_renewal, test_refusal, test_address_that_is_taken,
                   test_no_server_and_then_one, test_dhcpd_and_expiry, test_udhcpd],
                  PROGRAM, jobs=7))
