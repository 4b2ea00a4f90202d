#!/usr/bin/env python3
"""Sockets that talk to an address of their own: this stack against Debian's liblwip.

Instructions of all threads, counted by callgrind: the difference between a short and a long run, so
that what is done once cancels out. Both ends are in one thread then, so that the count does not
depend on who runs when. Context switches, with both ends in one thread and with each in its own,
and times come from the kernel, without callgrind; times are only told. Ends with status 1 when one
of the bars does not hold. Needs gcc, cmake, ninja, valgrind, liblwip-dev; builds build/host.
"""
import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import measure  # noqa: E402

SOURCE = pathlib.Path(__file__).with_name("sockets.c")
# name, what it is, runs of how many operations, the most instructions of liblwip's that are allowed
OPERATIONS = [
    ("udp", "UDP round trip, 64 bytes", (200, 700), 1 / 2),
    ("tcp", "TCP round trip, 64 bytes", (200, 700), 1 / 2),
    ("connect", "TCP connect, accept, close", (100, 300), 1 / 2),
    ("bulk", "TCP send and receive, 16 KiB", (50, 150), 1 / 3),
]
SWITCHES = 1 / 2  # of liblwip's context switches
OPERATIONS_TIMED = 2000
RUNS_TIMED = 3
# A CPU copies long stretches with one instruction (rep movsb), of which callgrind counts each byte.
NO_REP_MOVSB = "glibc.cpu.x86_rep_movsb_threshold=1073741824"


def build(folder):
    """The same source, twice; as a user would: -O2, what each library has by default."""
    root = measure.ROOT
    ours, theirs = f"{folder}/gossamer", f"{folder}/liblwip"
    library = measure.build("gossamer") / "libgossamer.a"
    flags = ["gcc", "-O2", "-g", "-std=c11", "-D_GNU_SOURCE"]
    measure.run([*flags, *(f"-I{root}/{d}" for d in ("include", "ports/unix/include", "config")),
                 SOURCE, library, "-pthread", "-o", ours])
    measure.run([*flags, "-I/usr/include/lwip", SOURCE, "-llwip", "-pthread", "-o", theirs])
    return ours, theirs


def instructions(program, name, counts):
    """Per operation."""
    total = [measure.callgrind([program, "one", name, n], (), NO_REP_MOVSB)[0][0] for n in counts]
    return (total[1] - total[0]) / (counts[1] - counts[0])


def timed(program, threads, name):
    """(context switches, microseconds) per operation: the medians of some runs."""
    runs = [measure.run([program, threads, name, OPERATIONS_TIMED]).stdout.split()
            for _ in range(RUNS_TIMED)]
    return [sorted(float(r[i]) for r in runs)[RUNS_TIMED // 2] for i in (0, 1)]


def line(what, unit, our, their, limit):
    """Print a row. @return whether its bar holds"""
    ratio = our / their if their else 0.0
    holds = limit is None or our <= limit * their
    bar = "" if limit is None else f"  at most {limit:.2f}: {'yes' if holds else 'NO'}"
    print(f"{what:30}{unit:30}{our:10.1f}{their:10.1f}{ratio:7.2f}{bar}", flush=True)
    return holds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=[o[0] for o in OPERATIONS], help="one operation")
    only = parser.parse_args().only
    holds = []
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = build(folder)
        print(f"{'per operation':60}{'gossamer':>10}{'liblwip':>10}{'ratio':>7}")
        for name, what, counts, limit in OPERATIONS:
            if only not in (None, name):
                continue
            costs = [instructions(p, name, counts) for p in (ours, theirs)]
            holds.append(line(what, "instructions", *costs, limit))
            for threads in ("one", "two"):
                (our, our_us), (their, their_us) = (timed(p, threads, name) for p in (ours, theirs))
                thread = f"{threads} thread{'s' if threads == 'two' else ''}"
                holds.append(line("", f"context switches, {thread}", our, their, SWITCHES))
                line("", f"microseconds, {thread}", our_us, their_us, None)
    print(f"{len(holds)} bars, {holds.count(False)} do not hold")
    return not all(holds)


if __name__ == "__main__":
    sys.exit(main())
