#!/usr/bin/env python3
"""Instructions to look up one of 10 and one of 100,000 TCP connections.

Counted by callgrind, so the same on every machine. Ends with status 1 when one of many costs more
than --limit times as much. Needs gcc, cmake, ninja, valgrind; builds build/host.
"""
import argparse
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import measure  # noqa: E402

PROGRAM = "sim-program-lookup"
LOOKUPS = 1000
COUNTS = (10, 1000, 100000)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=2, help="highest allowed ratio")
    limit = parser.parse_args().limit
    program = measure.build(PROGRAM) / "tests" / PROGRAM
    costs = {count: measure.callgrind([program, count])[0][0] / LOOKUPS for count in COUNTS}
    alone = subprocess.run([program, str(COUNTS[-1])], check=True, capture_output=True, text=True)
    for count, cost in costs.items():
        print(f"{count:7} connections: {cost:6.1f} instructions per look-up")
    print(alone.stdout.rstrip())
    ratio = costs[COUNTS[-1]] / costs[COUNTS[0]]
    print(f"ratio {ratio:.2f}, limit {limit:g}")
    return ratio > limit


if __name__ == "__main__":
    sys.exit(main())
