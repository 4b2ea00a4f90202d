#!/usr/bin/env python3
"""Instructions to send a MiB by TCP, with and without a driver that segments and sums.

Counted by callgrind, so the same on every machine. Ends with status 1 when segmentation saves less
than --limit says. Needs gcc, cmake, ninja, valgrind; builds build/host.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import measure  # noqa: E402

PROGRAM = "sim-program-offload"
MIB = 16
FEATURES = {"none": 0, "checksums": 1, "segmentation": 7}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=0.5, help="highest allowed ratio")
    parser.add_argument("--program", type=pathlib.Path, help="built already")
    args = parser.parse_args()
    program = args.program or measure.build(PROGRAM) / "tests" / PROGRAM
    cost = {}
    for name, features in FEATURES.items():
        counts, said = measure.callgrind([program, features])
        cost[name] = counts[0] / MIB
        print(f"offload of {name:12} {cost[name]:10.0f} instructions per MiB; {said.strip()}")
    ratio = cost["segmentation"] / cost["none"]
    print(f"ratio {ratio:.2f}, limit {args.limit:g}")
    return ratio > args.limit


if __name__ == "__main__":
    sys.exit(main())
