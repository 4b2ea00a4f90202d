#!/usr/bin/env python3
"""The DHCP client against dnsmasq, Kea, ISC dhcpd and udhcpd over TAP.

With each of them: a lease, an address that somebody has taken, renewal, expiry, a refusal by a server
that has moved to another subnet. With dnsmasq also all that goes with a lease, and no server at all
for a while.
"""

import os
import sys

from netns import (BUILD, Daemon, Device, Namespace, expect, main, need_root, need_tools,
                   pcapng_packets, temporary_folder, wait_for)

PROGRAM = os.path.join(BUILD, "tests", "interop-device_dhcp")
SERVER = "10.77.0.1"
# DHCP_STATE_BOUND
BOUND = "10"
# Option 53.
MESSAGES = ["", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform"]


class Server(Daemon):
    """A DHCP server on tap0 that gives 10.77.0.100 and .101, or others: `net` is the subnet's third
    byte of 10.x. @CONF, @DB and @DIR in its command and configuration become paths."""

    tools = ()
    command = ""
    config = ""
    is_up = ""
    # What it logs when it acknowledges.
    ack = ""
    # Seconds that its leases last; they are prolonged after 4. dnsmasq gives none for less.
    lease = 120
    # What it gives first; somebody has that.
    first = "10.77.0.100"

    def __init__(self, ns, net=77, more=()):
        need_tools(*self.tools)
        self.folder = temporary_folder()
        paths = {"DIR": self.folder.name}
        for name in "CONF", "DB":
            paths[name] = os.path.join(self.folder.name, name.lower())

        def filled(text):
            text = text.replace("@NET", f"10.{net}.0").replace("@SECONDS", str(self.lease))
            for name, path in paths.items():
                text = text.replace("@" + name, path)
            return text

        with open(paths["CONF"], "w", encoding="utf-8") as f:
            f.write(filled(self.config))
        with open(paths["DB"], "w", encoding="utf-8"):
            pass
        super().__init__(ns, *filled(self.command).split(), *more)

    def __enter__(self):
        wait_for(self.output, lambda text: self.is_up in text, 60)
        return self

    def __exit__(self, *args):
        super().__exit__(*args)
        self.folder.cleanup()

    def wait_acks(self, count):
        wait_for(self.output, lambda text: text.count(self.ack) >= count, 60)


class Dnsmasq(Server):
    tools = ("dnsmasq",)
    command = ("dnsmasq -k -C /dev/null -p0 -i tap0 --bind-interfaces -u root --log-facility=- "
               "--log-dhcp --no-ping --dhcp-authoritative --dhcp-sequential-ip --dhcp-broadcast "
               "--dhcp-leasefile=@DB --pid-file=@DIR/pid "
               "--dhcp-range=@NET.100,@NET.101,@SECONDS")
    is_up = "DHCP, IP range"
    ack = "DHCPACK(tap0)"

    def __init__(self, ns, net=77, more=("--dhcp-option=option:T1,4s",)):
        super().__init__(ns, net, more)


class Kea(Server):
    tools = ("kea-dhcp4",)
    command = "env KEA_LOCKFILE_DIR=@DIR KEA_PIDFILE_DIR=@DIR kea-dhcp4 -c @CONF"
    config = """{"Dhcp4": {
        "interfaces-config": {"interfaces": ["tap0"]}, "authoritative": true,
        "lease-database": {"type": "memfile", "persist": false},
        "valid-lifetime": @SECONDS, "renew-timer": 4, "rebind-timer": 100,
        "subnet4": [{"id": 1, "subnet": "@NET.0/24",
                     "pools": [{"pool": "@NET.100 - @NET.101"}],
                     "option-data": [{"name": "routers", "data": "@NET.1"}]}],
        "loggers": [{"name": "kea-dhcp4", "severity": "DEBUG", "debuglevel": 50,
                     "output_options": [{"output": "stdout"}]}]}}"""
    is_up = "DHCP4_STARTED"
    ack = "trying to send packet DHCPACK"


class Dhcpd(Server):
    tools = ("dhcpd",)
    command = "dhcpd -4 -f -d -cf @CONF -lf @DB -pf @DIR/pid tap0"
    config = """authoritative; ping-check false;
                default-lease-time @SECONDS; max-lease-time @SECONDS; min-lease-time @SECONDS;
                subnet @NET.0 netmask 255.255.255.0 { range @NET.100 @NET.101;
                option routers @NET.1; option dhcp-renewal-time 4;
                option dhcp-rebinding-time 100; }"""
    is_up = "Listening on"
    ack = "DHCPACK on"


class Udhcpd(Server):
    tools = ("busybox",)
    command = "busybox udhcpd -f @CONF"
    config = ("start @NET.100\nend @NET.101\ninterface tap0\noption subnet 255.255.255.0\n"
              "option router @NET.1\noption lease @SECONDS\noption 0x3a 00000004\n"
              "lease_file @DB\npidfile @DIR/pid\n")
    is_up = "started"
    ack = "sending ACK"
    first = "10.77.0.101"  # by the client's MAC address


class Link:
    """A namespace with tap0 at its end of the line, and the client at the other."""

    def __init__(self, *addresses):
        self.addresses = addresses

    def __enter__(self):
        need_root()
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


def dialogue(device, path):
    """The DHCP messages of the capture that began at `path`, in order."""
    expect(device.ask("capture-stop") == "ok", "capture-stop")
    messages = []
    for _, frame in pcapng_packets(path):
        # IPv4 and UDP from or to the client's port; option 53 is the first in what all of them send.
        if frame[12:14] == b"\x08\0" and frame[23] == 17 and b"\0\x44" in (frame[34:36],
                                                                           frame[36:38]):
            at = frame.index(b"\x63\x82\x53\x63\x35\x01") + 6
            messages.append(MESSAGES[frame[at]])
    return messages


# --- each of the servers ---


def lease_and_conflict(kind):
    """What it gives first is in use: declined, and another address is taken and used."""
    with Link(kind.first + "/24") as ns, client(ns) as device, kind(ns) as server:
        path = os.path.join(server.folder.name, "capture")
        expect(device.ask("capture " + path) == "ok", "capture")
        do(device, "start")
        fields = wait_bound(device)
        expect(fields["addr"].endswith("/24") and fields["server"] == SERVER, str(fields))
        expect(fields["gateway"] == SERVER, str(fields))
        expect(not fields["addr"].startswith(kind.first + "/"), str(fields))
        expect_alive(ns, fields)
        do(device, "stop")
        expect(status(device)["addr"] == "0.0.0.0", "still has its address")
        said = dialogue(device, path)
        expect(said[-1] == "release" and "decline" in said, str(said))
        expect("discover" in said[said.index("decline"):], str(said))


def renewal_and_expiry(kind):
    """Prolonged when T1 is over, without a new start; then the server is gone, and so it ends."""
    with Link() as ns, client(ns) as device:
        with kind(ns) as server:
            path = os.path.join(server.folder.name, "capture")
            expect(device.ask("capture " + path) == "ok", "capture")
            do(device, "start")
            first = wait_bound(device)
            server.wait_acks(3)  # one for the lease, two when T1 was over
            later = wait_bound(device)
            expect(later["addr"] == first["addr"], f"{first} {later}")
            expect(0 < int(later["left"]) <= kind.lease, str(later))
            do(device, "renew")
            server.wait_acks(4)
            expect_alive(ns, later)
            said = dialogue(device, path)
            expect("discover" not in said[said.index("ack"):], str(said))
        do(device, f"skip {kind.lease}")
        wait_for(lambda: status(device), lambda s: s["addr"] != first["addr"], 60)


def refusal(kind):
    """The same wire, another network: its server refuses the address of before."""
    with Link("10.88.0.1/24") as ns, client(ns) as device:
        with kind(ns):
            do(device, "start")
            wait_bound(device)
        ns.ip("addr", "del", SERVER + "/24", "dev", "tap0")
        do(device, "link down")
        with kind(ns, 88) as server:
            path = os.path.join(server.folder.name, "capture")
            expect(device.ask("capture " + path) == "ok", "capture")
            do(device, "link up")
            fields = wait_bound(device, lambda s: s["addr"].startswith("10.88.0."))
            expect_alive(ns, fields)
            said = dialogue(device, path)
            expect(said[0] == "request" and "nak" in said, str(said))


def for_each_server(scenario):
    def test_of(kind):
        def test():
            scenario(kind)
        test.__name__ = f"test_{scenario.__name__}_{kind.__name__.lower()}"
        return test

    return [test_of(kind) for kind in (Dnsmasq, Kea, Dhcpd, Udhcpd)]


# --- what one server shows for all ---


def test_options():
    with Link() as ns, client(ns) as device, \
            Dnsmasq(ns, more=("--dhcp-option=option:router,10.77.0.254",
                              "--dhcp-option=option:dns-server,10.77.0.1,10.77.0.9",
                              "--dhcp-option=option:domain-name,lab.test",
                              "--dhcp-option=option:mtu,1400", "--dhcp-option="
                              "121,192.168.5.0/24,10.77.0.3,0.0.0.0/0,10.77.0.253")) as server:
        do(device, "start")
        fields = wait_bound(device)
        expect(fields["server"] == SERVER and 60 <= int(fields["left"]) <= 120, str(fields))
        expect(fields["domain"] == "lab.test" and fields["mtu"] == "1400", str(fields))
        expect(fields["dns"] == ["10.77.0.1", "10.77.0.9"], str(fields))
        # RFC 3442: the routes take the place of the router.
        expect(fields["gateway"] == "10.77.0.253", str(fields))
        expect(fields["route"] == "192.168.5.0/24,10.77.0.3", str(fields))
        expect("gossamer-test" in server.output(), "no host name:\n" + server.output())
        do(device, "stop")
        fields = status(device)
        expect(fields["addr"] == "0.0.0.0" and fields["mtu"] == "1500" and "dns" not in fields
               and "route" not in fields, str(fields))


def test_no_server_and_then_one():
    with Link("169.254.1.1/16") as ns, client(ns) as device:
        do(device, "start")
        fields = wait_for(lambda: status(device), lambda s: s["autoip"] == "1", 150)
        expect(fields["addr"].startswith("169.254."), str(fields))
        expect_alive(ns, fields)
        with Dnsmasq(ns):
            fields = wait_bound(device)
            expect(fields["addr"].startswith("10.77.0.") and fields["autoip"] == "0", str(fields))
            expect_alive(ns, fields)


if __name__ == "__main__":
    sys.exit(main([*for_each_server(lease_and_conflict), *for_each_server(renewal_and_expiry),
                   *for_each_server(refusal), test_options, test_no_server_and_then_one],
                  PROGRAM, jobs=14))
