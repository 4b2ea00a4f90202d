#!/usr/bin/env python3
"""Instructions to send a MiB by TCP, with and without a driver that segments and sums.

Counted by callgrind, so the same on every machine. Ends with status 1 when segmentation saves less
than --limit says. Needs gcc, cmake, ninja, valgrind; builds build/host.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "host"
PROGRAM = "sim-program-offload"
MIB = 16
FEATURES = {"none": 0, "checksums": 1, "segmentation": 7}


def build():
    for command in (["cmake", "--preset", "host", "-B", str(BUILD), "-DGOSSAMER_FAMILY="],
                    ["cmake", "--build", str(BUILD), "--target", PROGRAM]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout[-3000:] + done.stderr[-3000:])
    return BUILD / "tests" / PROGRAM


def instructions(program, features, folder):
    """Instructions per MiB, and what the program says."""
    out = pathlib.Path(folder) / "out"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--collect-atstart=no",
         "--toggle-collect=measured", str(program), str(features)],
        capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr[-3000:])
    total = re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.M).group(1)
    return int(total) / MIB, done.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=0.5, help="highest allowed ratio")
    parser.add_argument("--program", type=pathlib.Path, help="built already")
    args = parser.parse_args()
    program = args.program or build()
    cost = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, features in FEATURES.items():
            cost[name], said = instructions(program, features, folder)
            print(f"offload of {name:12} {cost[name]:10.0f} instructions per MiB; {said}")
    ratio = cost["segmentation"] / cost["none"]
    print(f"ratio {ratio:.2f}, limit {args.limit:g}")
    return ratio > args.limit


if __name__ == "__main__":
    sys.exit(main())
