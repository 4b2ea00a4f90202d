#!/usr/bin/env python3
"""What ./gossamer sim runs: programs of sim/programs in the folder given, with tables and a plot."""

import argparse
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LINE = re.compile(r"\s*(\d+) Mbit/s\s+(\d+) ms\s+([\d.]+) %\s+(\S+)\s+([\d.]+) Mbit/s\s+"
                  r"([\d.]+) % of\s+([\d.]+), expected\s+([\d.]+)")


def program(folder, name):
    return os.path.join(folder, "tests", f"sim-program-{name}")


def measure(folder, seeds, case=()):
    """Runs goodput, shows its lines as they come; returns them as tuples."""
    rows = []
    command = [program(folder, "goodput"), str(seeds), *case]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            print(line, end="", flush=True)
            match = LINE.match(line)
            if match:
                rate, rtt, loss, sender, got, _, limit, theory = match.groups()
                rows.append((int(rate), int(rtt), float(loss), sender, float(got), float(limit),
                             float(theory)))
    if run.returncode != 0:
        sys.exit(f"{command[0]} ended with {run.returncode}")
    return rows


def data_block(points):
    return "\n".join(f"{x} {y}" for x, y in points) + "\ne\n"


def panel(rows, rate, rtt):
    """gnuplot commands for one rate and round-trip time: goodput over loss, and what is to be
    expected: the link, and Reno's and CUBIC's response to loss."""
    senders = sorted({r[3] for r in rows})
    here = [r for r in rows if r[:2] == (rate, rtt)]
    curves = [("link", "lines dt 2", {(max(r[2], 0.03), r[5]) for r in here})]
    for name, sender in (("CUBIC, RFC 9438 5", "cubic"), ("Reno, Mathis et al.", "newreno")):
        curves.append((name, "lines dt 3",
                       {(max(r[2], 0.03), r[6]) for r in here if r[3] == sender}))
    for s in senders:
        curves.append((s, "linespoints", {(max(r[2], 0.03), r[4]) for r in here if r[3] == s}))
    curves = [c for c in curves if c[2]]
    plots = ", ".join(f"'-' title '{name}' with {style}" for name, style, _ in curves)
    return (f"set title '{rate} Mbit/s, {rtt} ms'\nplot {plots}\n"
            + "".join(data_block(sorted(points)) for _, _, points in curves))


def plot(rows, path):
    if not shutil.which("gnuplot"):
        print("no gnuplot, no plot")
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    paths = sorted({r[:2] for r in rows})
    script = (f"set terminal png size 1100,800\nset output '{path}'\nset logscale xy\nset grid\n"
              "set xtics ('0' 0.03, '0.1' 0.1, '1' 1, '3' 3)\nset xrange [0.025:4]\n"
              "set yrange [0.1:120]\nset xlabel 'loss, %'\nset ylabel 'goodput, Mbit/s'\n"
              "set key bottom left\nset multiplot layout 2,2\n"
              + "".join(panel(rows, *p) for p in paths) + "unset multiplot\n")
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
    print("plot: " + os.path.relpath(path, ROOT))


def goodput(args):
    rows = measure(args.folder, 1 if args.quick else 10)
    plot(rows, os.path.join(ROOT, "build", "goodput.png"))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="build folder")
    parser.add_argument("--quick", action="store_true", help="one seed instead of ten")
    return goodput(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
