#!/usr/bin/env python3
"""Addresses, routers, routes, MTU and DNS servers from radvd and dnsmasq, over TAP."""

import os
import sys
import time

from netns import DEVICE6, Daemon, main, need_root, need_tools, temporary_folder
from netns6 import (Device6, Lan, Radvd, address, expect, expect_alive, linklocal_of, named_echo,
                    one_link, wait_for)

QUICK = "MinRtrAdvInterval 3; MaxRtrAdvInterval 4;"
# Only solicited: what is known within seconds comes of our router solicitation.
SLOW = "MinRtrAdvInterval 300; MaxRtrAdvInterval 600;"


def prefix(text, valid=7200, preferred=3600, flags="AdvOnLink on; AdvAutonomous on;"):
    return (f"prefix {text} {{ {flags} AdvValidLifetime {valid}; "
            f"AdvPreferredLifetime {preferred}; }};")


def near(text, value, less=60):
    """It is a lifetime that was `value` not long ago."""
    return value - less <= int(text) <= value


def test_everything_that_radvd_says():
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        ns = lan.host("r", "fd77::1/64", forwards=True)
        config = (SLOW + "AdvLinkMTU 1480; AdvDefaultPreference high;"
                  "AdvDefaultLifetime 1200; AdvOtherConfigFlag on;"
                  + prefix("fd77::/64", 7200, 3600) +
                  "route fd79::/48 { AdvRoutePreference high; AdvRouteLifetime 900; };"
                  "RDNSS fd77::1 fd77::53 { AdvRDNSSLifetime 1800; };"
                  "DNSSL lab.test corp.example.test { AdvDNSSLLifetime 1800; };")
        with Radvd(ns, config):
            with Device6(lan.bridge, "--tap", "tap0") as device, device.captured() as packets:
                a, fields = device.slaac("fd77::/64")
                expect(fields[1] == "64" and near(fields[3], 7200) and near(fields[4], 3600),
                       str(fields))
                router = address(linklocal_of(ns, "eth0"))
                routers = device.table("routers")
                expect(list(routers) == [router] and near(routers[router][0], 1200)
                       and routers[router][1] == "1", str(routers))
                dns = device.table("dns")
                expect(list(dns) == [address("fd77::1"), address("fd77::53"), "lab.test",
                                     "corp.example.test"], str(dns))
                expect(all(near(v[0], 1800) for v in dns.values()), str(dns))
                expect(device.ask("mtu fd77::1") == "1480", device.ask("mtu fd77::1"))
                events = device.counters("events")
                expect(events["ra"] >= 1 and events["routers"] == 1 and events["dns"] == 1,
                       str(events))
                expect_alive(ns, a)
            # Fragments fit the router's MTU.
            ours = [p for p in packets if p.is_out and p.src == a and p.icmp_type not in
                    (133, 135, 136)]
            expect(max(len(p.payload) + 40 for p in ours) in range(1470, 1481),
                   str(sorted(len(p.payload) + 40 for p in ours)[-3:]))


def test_solicitation_finds_the_router():
    """radvd's own advertisements are minutes apart: this one was asked for."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        router = lan.host("r", forwards=True)
        with Radvd(router, SLOW + prefix("fd77::/64")) as radvd:
            for _ in range(3):  # one of its first three, which nobody asks for, may be faster
                with Device6(lan.bridge, "--tap", "tap0") as device, device.captured() as packets:
                    device.slaac("fd77::/64")
                asked = [p for p in packets if p.icmp_type == 133]
                if asked:
                    break
            expect(asked and asked[0].hop_limit == 255, "no solicitation")
            with Device6(lan.bridge, "--tap", "tap0") as device:
                device.slaac("fd77::/64")
                radvd.stop()
                device.wait_for("routers", lambda t: not t)


def test_lifetime_changes_and_renumbering():
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        router = lan.host("r", "fd77:1::1/64", "fd77:2::1/64", forwards=True)
        with named_echo(router, "r"), Radvd(router, QUICK + prefix("fd77:1::/64")) as radvd, \
                Device6(lan.bridge, "--tap", "tap0") as device:
            old, _ = device.slaac("fd77:1::/64")

            def source_of(target):
                count = int(device.ask("received").split()[0])
                device.do(f"send {target} 7777 x")
                text = wait_for(lambda: device.ask("received"),
                                lambda r: int(r.split()[0]) > count)
                return address(text.partition(",")[2])
            expect(source_of("fd77:2::1") == old, "source before")
            # Longer, shorter: at once, down to two hours (RFC 4862 5.5.3 e).
            radvd.change(QUICK + prefix("fd77:1::/64", 90000, 80000))
            device.wait_for("addresses", lambda t: near(t[old][3], 90000)
                            and near(t[old][4], 80000))
            radvd.change(QUICK + prefix("fd77:1::/64", 60, 30))
            device.wait_for("addresses", lambda t: near(t[old][3], 7200, 100)
                            and near(t[old][4], 30, 30))
            # Renumbered: the old prefix is deprecated, the new one is used.
            radvd.change(QUICK + prefix("fd77:1::/64", 60, 0) + prefix("fd77:2::/64"))
            new, _ = device.slaac("fd77:2::/64")
            device.slaac("fd77:1::/64", state="deprecated")
            expect(source_of("fd77:2::1") == new, "source afterwards")
            expect(source_of("fd77:1::1") == new, "source towards the old prefix")
            expect_alive(router, new)
            expect_alive(router, old)  # whoever still uses it is served


def test_short_lifetimes_end():
    """A prefix that never lived two hours: the address is deprecated, then gone; likewise DNS."""
    need_root()
    need_tools("radvd")
    with one_link("fd77::1/64") as ns:
        # Longer than radvd, and a busy machine, may be silent in between.
        config = (QUICK + prefix("fd77::/64", 25, 5) + "AdvDefaultLifetime 20;"
                  "RDNSS fd77::1 { AdvRDNSSLifetime 15; };"
                  "DNSSL lab.test { AdvDNSSLLifetime 15; };")
        with Device6(ns, "--tap", "tap0") as device:
            with Radvd(ns, config, "tap0") as radvd:
                a, _ = device.slaac("fd77::/64")
                device.wait_for("dns", lambda t: len(t) == 2)
                radvd.process.kill()  # without a last word
                radvd.process.wait()
            device.wait_for("addresses", lambda t: t[a][0] == "deprecated")
            device.wait_for("addresses", lambda t: a not in t)
            device.wait_for("dns", lambda t: not t)
            device.wait_for("routers", lambda t: not t, 30)
            events = device.counters("events")
            expect(events["dns"] == 2 and events["routers"] == 2, str(events))


def test_routers_by_preference_and_route():
    """Two routers: the default by preference, a more specific route by the other, one leaves."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        low = lan.host("low", "fd77::a/64", forwards=True)
        high = lan.host("high", "fd77::b/64", forwards=True)
        for ns in (low, high):  # both stand for the same servers far away
            ns.ip("addr", "add", "fd99::9/128", "dev", "lo")
            ns.ip("addr", "add", "fd79::9/128", "dev", "lo")
        low_config = QUICK + ("AdvDefaultPreference low;" + prefix("fd77::/64") +
                              "route fd79::/48 { AdvRoutePreference medium; "
                              "AdvRouteLifetime 600; };")
        with named_echo(low, "low"), named_echo(high, "high"), Radvd(low, low_config), \
                Radvd(high, QUICK + "AdvDefaultPreference high;" + prefix("fd77::/64")) as radvd, \
                Device6(lan.bridge, "--tap", "tap0") as device:
            device.slaac("fd77::/64")
            device.wait_for("routers", lambda t: sorted(v[1] for v in t.values()) == ["-1", "1"])

            def router_to(target):
                device.do(f"send {target} 7777 x")
                time.sleep(0.2)
                return device.ask("received").partition(" ")[2].partition(",")[0]
            wait_for(lambda: router_to("fd99::9"), lambda name: name == "high")
            wait_for(lambda: router_to("fd79::9"), lambda name: name == "low")
            wait_for(lambda: router_to("fd99::9"), lambda name: name == "high")
            radvd.stop()  # says that it is no router any more
            device.wait_for("routers", lambda t: [v[1] for v in t.values()] == ["-1"])
            wait_for(lambda: router_to("fd99::9"), lambda name: name == "low")


def test_a_router_that_dies_is_replaced():
    """Without a last word: neighbor unreachability detection finds out (RFC 4861 7.3.3)."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        hosts = {name: lan.host(name, f"fd77::{name}/64", forwards=True) for name in ("a", "b")}
        for ns in hosts.values():
            ns.ip("addr", "add", "fd99::9/128", "dev", "lo")
        quick = QUICK + "AdvReachableTime 2000; AdvRetransTimer 500;"
        with named_echo(hosts["a"], "a"), named_echo(hosts["b"], "b"), \
                Radvd(hosts["a"], quick + "AdvDefaultPreference high;" + prefix("fd77::/64")), \
                Radvd(hosts["b"], quick + prefix("fd77::/64")), \
                Device6(lan.bridge, "--tap", "tap0") as device:
            device.slaac("fd77::/64")
            device.wait_for("routers", lambda t: len(t) == 2)

            def router():
                device.do("send fd99::9 7777 x")
                time.sleep(0.3)
                return device.ask("received").partition(" ")[2].partition(",")[0]
            wait_for(router, lambda name: name == "a")
            lan.bridge.ip("link", "set", "to-a", "down")
            wait_for(router, lambda name: name == "b", 40)
            expect(len(device.table("routers")) == 2, device.ask("routers"))


def test_prefix_that_is_not_on_link():
    """An address of it, and every packet by the router (RFC 5942)."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        router = lan.host("r", "fd88::1/64", forwards=True)
        router.sysctl("net.ipv6.conf.eth0.accept_redirects=0")
        with named_echo(router, "r"), \
                Radvd(router, QUICK + prefix("fd77::/64", flags="AdvOnLink off; AdvAutonomous on;")
                      + prefix("fd66::/64", flags="AdvOnLink on; AdvAutonomous off;")), \
                Device6(lan.bridge, "--tap", "tap0") as device:
            device.slaac("fd77::/64")
            with device.captured() as packets:
                device.do("send fd77::9 7777 x")
                device.do("send fd66::9 7777 x")
                time.sleep(1)
            asked = {p.target for p in packets if p.is_out and p.icmp_type == 135}
            expect(address("fd66::9") in asked and address("fd77::9") not in asked, str(asked))
            expect(not any(a in table for table in [device.table("addresses")]
                           for a in map(address, ("fd66::",))), "an address of fd66::/64")
            expect(not [a for a in device.table("addresses") if str(a).startswith("fd66")],
                   device.ask("addresses"))


class Dnsmasq(Daemon):
    """dnsmasq(8) as a router on tap0."""

    def __init__(self, ns, *options):
        self.folder = temporary_folder()
        super().__init__(ns, "dnsmasq", "-k", "-C", "/dev/null", "-p0", "-i", "tap0",
                         "--bind-interfaces", "-u", "root", "--log-facility=-",
                         "--dhcp-leasefile=" + os.path.join(self.folder.name, "leases"),
                         "--pid-file=" + os.path.join(self.folder.name, "pid"),
                         "--enable-ra", *options)

    def __exit__(self, *args):
        super().__exit__(*args)
        self.folder.cleanup()


def test_everything_that_dnsmasq_says():
    need_root()
    need_tools("dnsmasq")
    with one_link("fd77::1/64") as ns:
        ns.sysctl("net.ipv6.conf.all.forwarding=1")
        with Device6(ns, "--tap", "tap0") as device:
            router = address(linklocal_of(ns, "tap0"))
            with Dnsmasq(ns, "--ra-param=tap0,mtu:1460,high,4,600",
                         "--dhcp-range=fd77::,ra-only,64,600",
                         "--dhcp-option=option6:dns-server,[fd77::1],[fd77::2]",
                         "--dhcp-option=option6:domain-search,lab.test"):
                a, fields = device.slaac("fd77::/64")
                expect(near(fields[3], 600) and near(fields[4], 600), str(fields))
                routers = device.table("routers")
                expect(list(routers) == [router] and near(routers[router][0], 600)
                       and routers[router][1] == "1", str(routers))
                dns = device.wait_for("dns", lambda t: len(t) == 3)
                expect(list(dns) == [address("fd77::1"), address("fd77::2"), "lab.test"], str(dns))
                expect(device.ask("mtu fd77::1") == "1460", device.ask("mtu fd77::1"))
                expect_alive(ns, a)
            # It leaves without a word; restarted with another range it deprecates nothing old,
            # but what it says now counts.
            with Dnsmasq(ns, "--ra-param=tap0,low,4,300",
                         "--dhcp-range=fd77::,ra-stateless,64,1200"):
                device.wait_for("routers", lambda t: near(t[router][0], 300) and t[router][1] == "-1")
                device.wait_for("addresses", lambda t: near(t[a][3], 1200))
                expect_alive(ns, a)


def test_stable_and_eui64_identifiers():
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        ns = lan.host("r", "fd77::1/64", "fd78::1/64", forwards=True)
        config = SLOW + prefix("fd77::/64") + prefix("fd78::/64")
        with Radvd(ns, config):
            with Device6(lan.bridge, "--tap", "tap0", "--mac", "02:00:5e:10:20:30", "--eui64") as device:
                expect(device.slaac("fd77::/64")[0] == address("fd77::5eff:fe10:2030"),
                       device.ask("addresses"))
                expect(device.linklocal() == address("fe80::5eff:fe10:2030"), "link-local")
            with Device6(lan.bridge, "--tap", "tap0", "--mac", "02:00:5e:10:20:30") as device:
                made = [device.slaac(p)[0] for p in ("fd77::/64", "fd78::/64")]
                made.append(device.linklocal())
                tails = {a.packed[8:] for a in made}
                expect(len(tails) == 3 and bytes.fromhex("00005efffe102030") not in tails,
                       str(made))


def test_temporary_addresses():
    """Beside the stable address there is one that others see us by (RFC 8981)."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        router = lan.host("r", "fd77::1/64", forwards=True)
        with named_echo(router, "r"), Radvd(router, QUICK + prefix("fd77::/64", 90000, 80000)), \
                Device6(lan.bridge, "--tap", "tap0", "--temporary") as device:
            stable, _ = device.slaac("fd77::/64")
            table = device.wait_for("addresses", lambda t: any(
                v[2] == "temporary" and v[0] == "preferred" for v in t.values()))
            temporary = next(a for a, v in table.items() if v[2] == "temporary")
            # A day less up to 40 % (DESYNC_FACTOR), never longer than the prefix.
            expect(40000 < int(table[temporary][4]) <= 80000, str(table[temporary]))
            expect(temporary.packed[8:] != stable.packed[8:], str(table))
            device.do("send fd77::1 7777 x")
            text = wait_for(lambda: device.ask("received"), lambda r: "r," in r)
            expect(address(text.partition(",")[2]) == temporary, text)
            expect_alive(router, stable)
            expect_alive(router, temporary)


def test_slaac_meets_a_duplicate():
    """The address that we would make is the kernel's already: another one is made (RFC 7217 6)."""
    need_root()
    need_tools("radvd")
    with Lan() as lan:
        ns = lan.host("r", "fd77::1/64", forwards=True)
        with Radvd(ns, SLOW + prefix("fd77::/64")):
            with Device6(lan.bridge, "--tap", "tap0", "--mac", "02:00:5e:10:20:30", "--eui64") as device:
                taken, _ = device.slaac("fd77::/64")
            ns.ip("addr", "add", f"{taken}/64", "dev", "eth0", "nodad")
            with Device6(lan.bridge, "--tap", "tap0", "--mac", "02:00:5e:10:20:30", "--eui64") as device:
                # A hardware identifier has no alternative: duplicate, and that is said.
                device.wait_for("addresses",
                                lambda t: t.get(taken, [""])[0] == "duplicated")
                expect(device.counters("events")["duplicate"] >= 1, device.ask("events"))
                expect("dadfailed" not in ns.ip("-6", "addr"), ns.ip("-6", "addr"))


if __name__ == "__main__":
    sys.exit(main([
        test_everything_that_radvd_says,
        test_solicitation_finds_the_router,
        test_lifetime_changes_and_renumbering,
        test_short_lifetimes_end,
        test_routers_by_preference_and_route,
        test_a_router_that_dies_is_replaced,
        test_prefix_that_is_not_on_link,
        test_everything_that_dnsmasq_says,
        test_stable_and_eui64_identifiers,
        test_temporary_addresses,
        test_slaac_meets_a_duplicate,
    ], program=DEVICE6, jobs=4))
