#!/usr/bin/env python3
"""Sockets that talk to an address of their own: this stack against Debian's liblwip.

Instructions of all threads, counted by callgrind: the difference between a short and a long run, so
that what is done once cancels out. Both ends are in one thread then, so that the count does not
depend on who runs when. Context switches, with both ends in one thread and with each in its own,
and times come from the kernel, without callgrind. Times, and switches between two threads, depend on
what else the machine does, and are only told.

The bars are for a library of ours with liblwip's own options (lwipopts.h): what has to be done is
the same then. What the host profile costs, with all that it has and liblwip has not, is told beside.
Ends with status 1 when a bar does not hold. Needs gcc, cmake, ninja, valgrind, liblwip-dev; builds
build/host and build/bench-sockets.
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
OPERATIONS_TIMED = 500
RUNS_TIMED = 3
# A CPU copies long stretches with one instruction (rep movsb), of which callgrind counts each byte.
NO_REP_MOVSB = "glibc.cpu.x86_rep_movsb_threshold=1073741824"


def build(folder):
    """The same source three times, all at -O2: with liblwip; with a library of ours that has
    liblwip's options and is optimised together with the program, as static ones can be; with the
    one that CMake builds when nothing is said."""
    root, here = measure.ROOT, SOURCE.parent
    flags = ["gcc", "-O2", "-g", "-std=c11", "-D_GNU_SOURCE", SOURCE, "-pthread"]
    programs = [f"{folder}/{name}" for name in ("liblwip", "gossamer", "gossamer-host")]
    measure.run([*flags, "-I/usr/include/lwip", "-llwip", "-o", programs[0]])
    port = [root / "ports/unix/include", root / "config"]
    same = measure.build("gossamer", measure.BUILD.with_name("bench-sockets"),
                         "-DGOSSAMER_TESTS=OFF", "-DGOSSAMER_WERROR=OFF",
                         "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON",
                         f"-DGOSSAMER_CONFIG_DIRS={';'.join(str(d) for d in [here, *port])}")
    for program, library, config, more in (
            (programs[1], same, [here, *port], ["-flto=auto"]),
            (programs[2], measure.build("gossamer"), port, [])):
        includes = [f"-I{d}" for d in (*config, root / "include")]
        measure.run([*flags, *more, *includes, library / "libgossamer.a", "-o", program])
    return programs


def instructions(program, name, counts):
    """Per operation."""
    total = [measure.callgrind([program, "one", name, n], (), NO_REP_MOVSB)[0][0] for n in counts]
    return (total[1] - total[0]) / (counts[1] - counts[0])


def timed(program, threads, name):
    """(context switches, microseconds) per operation: the medians of some runs."""
    runs = [measure.run([program, threads, name, OPERATIONS_TIMED]).stdout.split()
            for _ in range(RUNS_TIMED)]
    return [sorted(float(r[i]) for r in runs)[RUNS_TIMED // 2] for i in (0, 1)]


def row(what, unit, numbers, limit):
    """Print one. @return whether its bar holds"""
    their, our, host = numbers
    ratios = [n / their if their else 0.0 for n in (our, host)]
    holds = limit is None or our <= limit * their
    bar = "" if limit is None else f"{limit:.2f} {'yes' if holds else 'NO'}"
    print(f"{what:29}{unit:30}{their:9.1f}{our:10.1f}{ratios[0]:6.2f}  {bar:9}"
          f"{host:9.1f}{ratios[1]:6.2f}", flush=True)
    return holds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=[o[0] for o in OPERATIONS], help="one operation")
    only = parser.parse_args().only
    holds = []
    with tempfile.TemporaryDirectory() as folder:
        programs = build(folder)
        print(f"{'':68}gossamer, liblwip's options   host profile\n"
              f"{'per operation':59}{'liblwip':>9}{'':10}{'ratio':>6}  {'bar':9}{'':9}{'ratio':>6}")
        for name, what, counts, bar in OPERATIONS:
            if only not in (None, name):
                continue
            costs = [instructions(p, name, counts) for p in programs]
            holds.append(row(what, "instructions", costs, bar))
            for threads in ("one", "two"):
                switches, times = zip(*(timed(p, threads, name) for p in programs))
                thread = f"{threads} thread{'s' if threads == 'two' else ''}"
                limit = SWITCHES if threads == "one" else None
                holds.append(row("", f"context switches, {thread}", switches, limit))
                row("", f"microseconds, {thread}", times, None)
    print("all bars hold" if all(holds) else "not all bars hold")
    return not all(holds)


if __name__ == "__main__":
    sys.exit(main())
