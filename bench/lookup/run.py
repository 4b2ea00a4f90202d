#!/usr/bin/env python3
"""Instructions to look up one of 10 and one of 100,000 TCP connections.

Counted by callgrind, so the same on every machine. Ends with status 1 when one of many costs more
than --limit times as much. Needs gcc, cmake, ninja, valgrind; builds build/host.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "host"
PROGRAM = "sim-program-lookup"
LOOKUPS = 1000
COUNTS = (10, 1000, 100000)


def build():
    for command in (["cmake", "--preset", "host", "-B", str(BUILD), "-DGOSSAMER_FAMILY="],
                    ["cmake", "--build", str(BUILD), "--target", PROGRAM]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout[-3000:] + done.stderr[-3000:])
    return BUILD / "tests" / PROGRAM


def instructions(program, count, folder):
    """Instructions per look-up among `count` connections, and what the program says."""
    out = pathlib.Path(folder) / "out"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--collect-atstart=no",
         "--toggle-collect=measured", str(program), str(count)],
        capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr[-3000:])
    return int(re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.M).group(1)) / LOOKUPS


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=2, help="highest allowed ratio")
    limit = parser.parse_args().limit
    program = build()
    with tempfile.TemporaryDirectory() as folder:
        costs = {count: instructions(program, count, folder) for count in COUNTS}
    alone = subprocess.run([program, str(COUNTS[-1])], check=True, capture_output=True, text=True)
    for count, cost in costs.items():
        print(f"{count:7} connections: {cost:6.1f} instructions per look-up")
    print(alone.stdout.rstrip())
    ratio = costs[COUNTS[-1]] / costs[COUNTS[0]]
    print(f"ratio {ratio:.2f}, limit {limit:g}")
    return ratio > limit


if __name__ == "__main__":
    sys.exit(main())
