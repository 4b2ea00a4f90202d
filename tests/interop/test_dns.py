#!/usr/bin/env python3
"""Names from dnsmasq, unbound and BIND, over TAP: addresses, aliases, the cache, failover, answers
that are too long for UDP; and from a server that lies."""

import os
import sys

from netns import (BUILD, ROOT, Daemon, Device, Namespace, expect, main, need_root, need_tools,
                   temporary_folder, wait_for)

PROGRAM = os.path.join(BUILD, "tests", "interop-device_apps")
LIAR = os.path.join(ROOT, "tests", "interop", "dns_liar.py")
KERNEL, KERNEL6 = "10.79.0.1", "fd79::1"
BIND, RESOLVER, OTHER = "10.79.0.53", "10.79.0.54", "10.79.0.98"
NOBODY = "10.79.0.77"


class Link:
    """The stack and the kernel, which has all these addresses."""

    def __enter__(self):
        self.ns = Namespace("dns").__enter__()
        self.ns.add_tap("tap0", KERNEL + "/24")
        self.ns.ip("addr", "add", KERNEL6 + "/64", "dev", "tap0", "nodad")
        for address in (BIND, RESOLVER, OTHER):
            self.ns.ip("addr", "add", address + "/24", "dev", "tap0")
        self.device = Device("--tap", "tap0", "--ip4", "10.79.0.2/24", "--ip6", "fd79::2/64",
                             namespace=self.ns, program=PROGRAM).__enter__()
        return self

    def __exit__(self, *what):
        self.device.__exit__(*what)
        self.ns.__exit__(*what)

    def use(self, *servers):
        for place, server in enumerate(servers):
            expect(self.device.ask(f"dns-server {place} {server}") == "ok", "dns-server")

    def resolve(self, name, family=""):
        """[status, canonical name, addresses ...]"""
        expect(self.device.ask(f"resolve {name} {family}") == "ok", "resolve")
        return wait_for(lambda: self.device.ask("resolved"), lambda out: out != "wait", 90).split()


class Server(Daemon):
    """A daemon that serves names at an address."""

    def __init__(self, link, address, *command):
        super().__init__(link.ns, *command)
        self.link, self.address = link, address

    def __enter__(self):
        try:
            self.wait_until_it_serves()
        except BaseException:
            self.stop()
            raise
        return self

    def wait_until_it_serves(self):
        wait_for(lambda: self.link.ns.exec("ss", "-uln") + self.output(),
                 lambda out: f"{self.address}:53 " in out, 60)

    def queries(self, name):
        """How often a client has asked for it."""
        raise NotImplementedError


class Dnsmasq(Server):
    def __init__(self, link, *records):
        super().__init__(link, KERNEL, "dnsmasq", "-k", "-C", "/dev/null", "--no-resolv",
                         "--no-hosts", "--log-queries", "--log-facility=-", "-u", "root",
                         "--pid-file=", "--local=/lab.test/", "--bind-interfaces",
                         f"--listen-address={KERNEL},{KERNEL6}", *records)

    def queries(self, name):
        return self.output().lower().count(f"] {name} from")


ZONES = {
    "lab.test": """
$TTL 300
@ SOA ns admin ( 1 3600 600 86400 3600 )
@ NS ns
ns A 10.79.0.53
a A 192.0.2.9
a AAAA 2001:db8::9
four A 192.0.2.4
c1 CNAME c2
c2 CNAME c3
c3 CNAME c4.other.test.
c7 CNAME c8.other.test.
circle1 CNAME circle2
circle2 CNAME circle1
nowhere CNAME nosuch
$GENERATE 1-20 many A 192.0.2.$
$GENERATE 1-100 big A 198.51.100.$
$GENERATE 0-99 big AAAA 2001:db8::$
""",
    "other.test": """
$TTL 300
@ SOA ns admin ( 1 3600 600 86400 3600 )
@ NS ns.lab.test.
c4 CNAME c5
c5 CNAME c6
c6 CNAME c7.lab.test.
c8 A 192.0.2.88
""",
    "short.test": """
$TTL 300
@ SOA ns admin ( 1 3600 600 86400 1 )
@ NS ns.lab.test.
a A 192.0.2.9
""",
    "2.0.192.in-addr.arpa": """
$TTL 300
@ SOA ns admin ( 1 3600 600 86400 3600 )
@ NS ns.lab.test.
9 PTR a.lab.test.
10 CNAME 10.0/25
10.0/25 PTR ten.lab.test.
""",
    "8.b.d.0.1.0.0.2.ip6.arpa": f"""
$TTL 300
@ SOA ns admin ( 1 3600 600 86400 3600 )
@ NS ns.lab.test.
9.{'0.' * 22}0 PTR a6.lab.test.
""",
}


class Bind(Server):
    """The zones, as their authority."""

    def __init__(self, link, folder, address=BIND):
        for zone, records in ZONES.items():
            with open(os.path.join(folder, zone), "w", encoding="ascii") as f:
                f.write(records.lstrip())
        path = os.path.join(folder, "named.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write(f"""
options {{ directory "{folder}"; pid-file none; session-keyfile "{folder}/key"; querylog yes;
  managed-keys-directory "{folder}"; listen-on {{ {address}; }}; listen-on-v6 {{ none; }};
  recursion no; dnssec-validation no; empty-zones-enable no; notify no; }};
controls {{ }};
""")
            for zone in ZONES:
                f.write(f'zone "{zone}" {{ type primary; file "{zone}"; }};\n')
        super().__init__(link, address, "named", "-g", "-n", "1", "-c", path)

    def wait_until_it_serves(self):
        wait_for(self.output, lambda out: " running\n" in out, 60)

    def queries(self, name):
        return self.output().lower().count(f": query: {name} ")


class Unbound(Server):
    """Asks BIND for its clients."""

    def __init__(self, link, folder):
        path = os.path.join(folder, "unbound.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write(f"""
server:
  interface: {RESOLVER}
  access-control: 10.79.0.0/24 allow
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  log-queries: yes
  verbosity: 1
  num-threads: 1
  module-config: "iterator"
  do-not-query-localhost: no
  outgoing-interface: {RESOLVER}
  edns-buffer-size: 4096
  max-udp-size: 4096
  local-zone: "test." nodefault
  local-zone: "2.0.192.in-addr.arpa." nodefault
  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
remote-control:
  control-enable: no
""")
            for zone in ZONES:
                f.write(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {BIND}\n')
        super().__init__(link, RESOLVER, "unbound", "-d", "-c", path)

    def queries(self, name):
        return self.output().lower().count(f"info: 10.79.0.2 {name}. ")


class Liar(Server):
    def __init__(self, link):
        super().__init__(link, RESOLVER, sys.executable, LIAR, RESOLVER, OTHER)

    def queries(self, name):
        return self.output().split().count(name)


def settled(link, server, names):
    """How often each name has been asked for, once the server has heard all that was sent: it may be
    slow, and be asked again meanwhile, but it takes one after the other."""
    settled.calls = getattr(settled, "calls", 0) + 1
    last = f"last{settled.calls}.lab.test"
    link.resolve(last, 4)
    wait_for(lambda: server.queries(last), lambda n: n >= 1)
    return [server.queries(name) for name in names]


def needs(*tools):
    need_root()
    need_tools("ss", *tools)


def with_both(check):
    """check(link, server) with BIND, asked directly, and with unbound, which asks BIND."""
    needs("named", "unbound")
    with temporary_folder() as folder, Link() as link, Bind(link, folder) as bind, \
            Unbound(link, folder) as unbound:
        for server in (bind, unbound):
            link.use(server.address)
            check(link, server)
            link.device.ask("dns-forget")


# --- dnsmasq ---

def test_addresses():
    needs("dnsmasq")
    with Link() as link, Dnsmasq(
            link, "--host-record=a.lab.test,192.0.2.9,2001:db8::9",
            "--host-record=many.lab.test,192.0.2.1", "--host-record=many.lab.test,192.0.2.2",
            "--host-record=many.lab.test,192.0.2.3"):
        link.use(KERNEL)
        expect(link.resolve("a.lab.test") == ["ok", "-", "2001:db8::9", "192.0.2.9"], "both")
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "IPv4")
        expect(link.resolve("A.Lab.Test.", 6) == ["ok", "-", "2001:db8::9"], "IPv6")
        found = link.resolve("many.lab.test", 4)
        expect(sorted(found[2:]) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"], str(found))
        found = link.resolve("9.2.0.192.in-addr.arpa", "name")
        expect(found == ["ok", "a.lab.test"], str(found))


def test_aliases():
    needs("dnsmasq")
    with Link() as link, Dnsmasq(link, "--host-record=a.lab.test,192.0.2.9",
                                 "--cname=www.lab.test,a.lab.test",
                                 "--cname=w2.lab.test,www.lab.test"):
        link.use(KERNEL)
        found = link.resolve("w2.lab.test", 4)
        expect(found == ["ok", "a.lab.test", "192.0.2.9"], str(found))


def test_names_that_are_not_there():
    needs("dnsmasq")
    with Link() as link, Dnsmasq(link, "--host-record=a.lab.test,192.0.2.9"):
        link.use(KERNEL)
        expect(link.resolve("nosuch.lab.test", 4) == ["no-name", "-"], "no name")
        expect(link.resolve("a.lab.test", 6) == ["no-data", "-"], "no data")


def test_cache():
    needs("dnsmasq")
    with Link() as link, Dnsmasq(link, "--host-record=a.lab.test,192.0.2.9,3600") as server:
        link.use(KERNEL)
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")
        before = settled(link, server, ["a.lab.test"])
        for _ in range(5):
            expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")
        expect(settled(link, server, ["a.lab.test"]) == before, server.output())


def test_over_ipv6():
    """By UDP, and by TCP: 64 addresses are more than 512 bytes hold."""
    needs("dnsmasq")
    big = [f"--host-record=big.lab.test,192.0.2.{i}" for i in range(1, 65)]
    with Link() as link, Dnsmasq(link, "--host-record=a.lab.test,192.0.2.9", *big):
        link.use(KERNEL6)
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")
        found = link.resolve("big.lab.test", 4)
        expect(found[0] == "ok" and len(set(found[2:])) == 64, str(found))


def test_second_server():
    """The first address is nobody's."""
    needs("dnsmasq")
    with Link() as link, Dnsmasq(link, "--host-record=a.lab.test,192.0.2.9"):
        link.use(NOBODY, KERNEL)
        expect(link.resolve("a.lab.test", 4) == ["ok", "-", "192.0.2.9"], "answer")


def test_nobody_serves():
    """ICMP says so, at once."""
    needs()
    with Link() as link:
        link.use(KERNEL)
        found = link.resolve("a.lab.test", 4)
        expect(found == ["try-again", "-"], str(found))


# --- BIND and unbound ---

def test_bind_and_unbound_addresses():
    def check(link, server):
        found = link.resolve("a.lab.test")
        expect(found == ["ok", "-", "2001:db8::9", "192.0.2.9"], f"{server.address}: {found}")
        found = link.resolve("many.lab.test", 4)
        wanted = sorted(f"192.0.2.{i}" for i in range(1, 21))
        expect(sorted(found[2:]) == wanted, f"{server.address}: {found}")
    with_both(check)


def test_bind_and_unbound_aliases():
    """Seven of them, to and fro between two zones; in a circle; to a name that is not there."""
    def check(link, server):
        found = link.resolve("c1.lab.test", 4)
        expect(found == ["ok", "c8.other.test", "192.0.2.88"], f"{server.address}: {found}")
        found = link.resolve("circle1.lab.test", 4)
        expect(found[0] in ("failed", "try-again") and len(found) == 2, f"{server.address}: {found}")
        found = link.resolve("nowhere.lab.test", 4)
        expect(found[0] == "no-name", f"{server.address}: {found}")
    with_both(check)


def test_bind_and_unbound_nothing_there():
    """RFC 2308: for as long as the zone says: an hour, a second."""
    def check(link, server):
        def asked_again():
            expect(link.resolve("nosuch.short.test", 4) == ["no-name", "-"], "no name")
            return server.queries("nosuch.short.test")
        names = ["nosuch.lab.test", "four.lab.test"]
        counts = []
        for _ in range(3):
            expect(link.resolve(names[0], 4) == ["no-name", "-"], "no name")
            expect(link.resolve(names[1], 6) == ["no-data", "-"], "no data")
            counts.append(settled(link, server, names))
        expect(counts[0] == counts[1] == counts[2], server.output())
        first = asked_again()
        wait_for(asked_again, lambda n: n > first)
    with_both(check)


def test_bind_and_unbound_names_of_addresses():
    """The second one by way of an alias (RFC 2317)."""
    def check(link, server):
        for name, wanted in (("9.2.0.192.in-addr.arpa", ["ok", "a.lab.test"]),
                             ("10.2.0.192.in-addr.arpa", ["ok", "ten.lab.test"]),
                             ("11.2.0.192.in-addr.arpa", ["no-name", "-"]),
                             (f"9.{'0.' * 23}8.b.d.0.1.0.0.2.ip6.arpa", ["ok", "a6.lab.test"])):
            found = link.resolve(name, "name")
            expect(found == wanted, f"{server.address}: {name}: {found}")
    with_both(check)


def test_bind_and_unbound_by_tcp():
    """RFC 7766: 100 addresses of each IP version do not fit into 512 bytes."""
    def check(link, server):
        found = link.resolve("big.lab.test")
        wanted = {f"198.51.100.{i}" for i in range(1, 101)}
        expect(found[0] == "ok" and len(found) == 202, f"{server.address}: {found}")
        expect({a for a in found[2:] if "." in a} == wanted, f"{server.address}: {found}")
    with_both(check)


def test_truncation_is_reported():
    """TCP is shut by a filter: that there is more is told, and what fitted, if anything did."""
    def check(link, server):
        for verdict in ("reject with tcp reset", "drop"):
            link.ns.exec("nft", "flush chain ip shut to_us")
            link.ns.exec("nft", f"add rule ip shut to_us iif tap0 tcp dport 53 {verdict}")
            found = link.resolve("big.lab.test", 4)
            expect(found[0] in ("ok,truncated", "failed,truncated"), f"{server.address}: {found}")
            expect(len(set(found[2:])) == len(found) - 2 < 100, f"{server.address}: {found}")
            expect((len(found) > 2) == found[0].startswith("ok"), f"{server.address}: {found}")
    needs("nft", "named", "unbound", "dnsmasq")
    big = [f"--host-record=big.lab.test,192.0.2.{i}" for i in range(1, 101)]
    with temporary_folder() as folder, Link() as link, Bind(link, folder) as bind, \
            Unbound(link, folder) as unbound, Dnsmasq(link, *big) as dnsmasq:
        link.ns.exec("nft", "add table ip shut")
        link.ns.exec("nft", "add chain ip shut to_us { type filter hook input priority 0; }")
        for server in (bind, unbound, dnsmasq):
            link.use(server.address)
            check(link, server)


def test_refused_by_the_first():
    """BIND does not know this name and refuses to find out (RFC 8499); dnsmasq does."""
    needs("named", "dnsmasq")
    with temporary_folder() as folder, Link() as link, Bind(link, folder) as bind, \
            Dnsmasq(link, "--host-record=a.elsewhere.test,192.0.2.9"):
        link.use(BIND, KERNEL)
        found = link.resolve("a.elsewhere.test", 4)
        expect(found == ["ok", "-", "192.0.2.9"], str(found))
        wait_for(lambda: bind.queries("a.elsewhere.test"), lambda n: n >= 1)


def test_first_server_dies():
    needs("named", "unbound")
    with temporary_folder() as folder, Link() as link, Bind(link, folder), \
            Unbound(link, folder) as unbound:
        link.use(RESOLVER, BIND)
        expect(link.resolve("a.lab.test", 4)[0] == "ok", "both serve")
        unbound.stop()
        found = link.resolve("c1.lab.test", 4)
        expect(found == ["ok", "c8.other.test", "192.0.2.88"], str(found))


# --- lies (RFC 5452) ---

def test_spoofed_answers():
    """Other ids, questions, ports, hosts."""
    needs()
    with Link() as link, Liar(link) as liar:
        link.use(RESOLVER)
        found = link.resolve("spoofed.lab.test", 4)
        expect(found == ["ok", "-", "192.0.2.9"], str(found))
        expect(liar.queries("spoofed.lab.test") >= 1, liar.output())


def test_late_answers():
    """To a question that was asked anew, and to one that was answered."""
    needs()
    with Link() as link, Liar(link) as liar:
        link.use(RESOLVER)
        found = link.resolve("late.lab.test", 4)
        expect(found == ["ok", "-", "192.0.2.9"], str(found))
        expect(liar.queries("late.lab.test") >= 2, liar.output())
        for name in ("after.lab.test", "other.lab.test", "after.lab.test", "late.lab.test"):
            found = link.resolve(name, 4)
            expect(found == ["ok", "-", "192.0.2.9"], f"{name}: {found}")


def test_servers_that_cannot_tell():
    needs("dnsmasq")
    codes = ("servfail", "refused", "formerr")
    with Link() as link, Liar(link) as liar, \
            Dnsmasq(link, *(f"--host-record={code}.lab.test,192.0.2.9" for code in codes)):
        for code in codes:
            link.use(RESOLVER, KERNEL)
            found = link.resolve(f"{code}.lab.test", 4)
            expect(found == ["ok", "-", "192.0.2.9"], f"{code}: {found}")
        expect(any(liar.queries(f"{code}.lab.test") for code in codes), liar.output())


if __name__ == "__main__":
    sys.exit(main([test_addresses, test_aliases, test_names_that_are_not_there, test_cache,
                   test_over_ipv6, test_second_server, test_nobody_serves,
                   test_bind_and_unbound_addresses, test_bind_and_unbound_aliases,
                   test_bind_and_unbound_nothing_there, test_bind_and_unbound_names_of_addresses,
                   test_bind_and_unbound_by_tcp, test_truncation_is_reported,
                   test_refused_by_the_first, test_first_server_dies, test_spoofed_answers,
                   test_late_answers, test_servers_that_cannot_tell],
                  program=PROGRAM, jobs=4))
