#!/usr/bin/env python3
"""Transfers between the stack and the kernel, byte by byte exact, over TAP.

    test_tcp.py [--full] [--mib N] [--jobs N] [WORD ...]

Each set of the kernel's features (selective acknowledgements, timestamps, window scaling, ECN on or
off) meets each class of losses: so many percent of all frames, both ways, are lost, as many come
twice, as many are overtaken. Direction, IP version and who connects take turns from one to the next,
so that all of them meet. --full: every feature with every class, direction and IP version, with 256
MiB each (or --mib). WORDs select tests by their names.
"""

import argparse
import itertools
import sys
import time

from netns import expect, main, need_root, need_tools
from nettcp import DEVICE_TCP, ECN, SACK, SCALING, TIMESTAMPS, Link

MIB = 1 << 20
FEATURES = (("sack", "ipv4.tcp_sack", SACK), ("timestamps", "ipv4.tcp_timestamps", TIMESTAMPS),
            ("scaling", "ipv4.tcp_window_scaling", SCALING), ("ecn", "ipv4.tcp_ecn", ECN))
LOSSES = ("0", "0.1", "1", "3")
ALL_ON = {"sack", "timestamps", "scaling", "ecn"}


def sysctls(on, is_long=False):
    features = [f"{setting}={int(name in on)}" for name, setting, _ in FEATURES]
    # Without selective acknowledgements the kernel would come to wait for 300 duplicate ones where
    # much is reordered, and repair by timeouts alone.
    features.append("ipv4.tcp_max_reordering=16")
    if is_long and "sack" not in on:
        # BBR, which may be its default, sends nothing then but what its timer, doubled again and
        # again, lets out.
        features.append("ipv4.tcp_congestion_control=reno")
    return features


def rto_min(on, is_long):
    """Where only timeouts repair: the round trips here are shorter than a millisecond."""
    return "5ms" if is_long and "sack" not in on else None


def expect_agreed(device, on, options, status):
    """Both ends have the same idea of what was agreed on, and it is what both can."""
    can = device.counters("features")
    for name, _, bit in FEATURES:
        wanted = int(name in on and can[name])
        if name == "ecn" and wanted:
            continue  # a SYN that is sent again asks no more (RFC 3168 6.1.1.1), and either may arrive
        expect(status[name] == wanted and bool(options & bit) == bool(wanted),
               f"{name}: the stack {status[name]}, the kernel {options:x}, wanted {wanted}")


def impair(device, percent, seed):
    if percent == "0":
        device.do("impair")
    else:
        device.do(f"impair loss {percent}% reorder {percent}%")
        device.do(f"impair duplicate {percent}% seed {seed}")


def report(what, length, took, again):
    print(f"# {what}: {length / took / 125000:.0f} Mbit/s, {again} sent again by the kernel",
          flush=True)


def transfers(on, losses, ways, lengths, seconds=600, is_long=False):
    """One test: these losses, each with its length, times these (is_out, family, is_ours)."""
    def test():
        need_root()
        need_tools("ss")
        with Link(sysctls=sysctls(on, is_long), rto_min=rto_min(on, is_long)) as link:
            for number, (percent, length) in enumerate(zip(losses, lengths)):
                for is_out, family, is_ours in ways(number):
                    impair(link.device, percent, number)
                    begin = time.monotonic()
                    _, options, again, status = link.transfer(length, is_out, family, is_ours,
                                                              seed=number + 7, seconds=seconds)
                    expect_agreed(link.device, on, options, status)
                    report(f"{' '.join(sorted(on)) or 'plain'}, {percent} %, "
                           f"{'out' if is_out else 'in'}, IPv{family}", length,
                           time.monotonic() - begin, again)
            drops = link.device.counters("drops")
            expect(not [d for d in drops if d.endswith("_BAD_CHECKSUM")], str(drops))
    test.__name__ = "test_transfers_" + ("_".join(sorted(on)) or "plain")
    return test


def feature_sets():
    for bits in itertools.product((True, False), repeat=len(FEATURES)):
        yield {name for (name, _, _), is_on in zip(FEATURES, bits) if is_on}


def quick_tests():
    for index, on in enumerate(feature_sets()):
        def ways(number, index=index):
            turn = index + number
            yield bool(turn & 1), 4 + 2 * (turn >> 1 & 1), bool(turn >> 2 & 1) ^ bool(index & 1)
        lengths = [8 * MIB] * 4 if "sack" in on else [2 * MIB, 2 * MIB, MIB, MIB // 2]
        yield transfers(on, LOSSES, ways, lengths)


def full_tests(length):
    both = [(is_out, family, is_out ^ (family == 4)) for is_out in (False, True)
            for family in (4, 6)]
    for percent in LOSSES:
        for on in feature_sets():
            test = transfers(on, (percent,), lambda _: both, (length,), seconds=7200,
                             is_long=True)
            test.__name__ += f"_{percent}_percent"
            yield test


def long_transfer(family, is_out):
    """256 MiB without losses, the line as fast as both ends are."""
    def test():
        need_root()
        with Link(sysctls=sysctls(ALL_ON)) as link:
            took, _, again, _ = link.transfer(256 * MIB, is_out, family)
            report("256 MiB", 256 * MIB, took, again)
            expect_no_oddities(link)
    test.__name__ = f"test_256_mib_{'out' if is_out else 'in'}_ipv{family}"
    return test


def expect_no_oddities(link):
    """What the kernel counts: nothing damaged, and hardly anything sent twice for nothing."""
    rows = (line.split() for line in link.ns.exec("nstat", "-asz").split("\n"))
    counts = {row[0]: int(row[1]) for row in rows if len(row) > 2}
    for bad in ("IpInHdrErrors", "IpInAddrErrors", "TcpInErrs", "TcpInCsumErrors",
                "Ip6InHdrErrors", "TcpExtTCPSACKDiscard",
                "TcpExtTCPMD5NotFound", "TcpExtTCPAbortOnMemory", "TcpExtTCPWqueueTooBig"):
        expect(counts.get(bad, 0) == 0, f"{bad}={counts.get(bad)}")
    for twice in ("TcpRetransSegs", "TcpExtTCPDSACKOldSent", "TcpExtTCPDSACKRecv",
                  "TcpExtPAWSEstab"):
        # A machine that stops for a moment looks like a loss to both ends.
        expect(counts.get(twice, 0) < counts["TcpInSegs"] / 50 + 20, f"{twice}={counts.get(twice)}")


def test_hundred_connections_at_once():
    """Out and in together, with losses: none is forgotten."""
    need_root()
    with Link(sysctls=sysctls(ALL_ON)) as link:
        impair(link.device, "0.1", 3)
        length = 256 * 1024
        link.device.do(f"listen 80 sink 5 {length}")
        peers = [link.start_peer("connect", "10.77.0.2", 80, "source", 5, length, 50),
                 link.start_peer("connect", "fd77::2", 80, "source", 5, length, 50),
                 link.start_peer("listen", "10.77.0.1", 81, "sink", 6, length, 50)]
        expect(peers[2].stdout.readline() == "listening\n", "the kernel does not listen")
        for _ in range(50):
            link.device.connect("10.77.0.1", 81, f"source 6 {length}")
        for peer in peers:
            lines = link.finish_peer(peer, 300)
            expect([int(line[0]) for line in lines] == [length] * 50, str(lines))
        end = time.monotonic() + 60
        while link.device.counters("connections")["open"] > 0 and time.monotonic() < end:
            time.sleep(0.2)
        all_of_them = link.device.counters("connections")
        expect(all_of_them == {"count": 150, "open": 0, "good": 150}, str(all_of_them))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("words", nargs="*")
    args = parser.parse_args()
    if args.full:
        tests = list(full_tests(args.mib * MIB))
    else:
        tests = [*(long_transfer(family, is_out) for family in (4, 6) for is_out in (True, False)),
                 *quick_tests(), test_hundred_connections_at_once]
    if args.words:
        tests = [t for t in tests if any(w in t.__name__ for w in args.words)]
    sys.exit(main(tests, program=DEVICE_TCP, jobs=args.jobs))
