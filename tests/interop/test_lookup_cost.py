#!/usr/bin/env python3
"""Looking up one of 100,000 connections costs at most twice what one of 10 costs (bench/lookup)."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main():
    print("1..1")
    name = "ok 1 - lookup_costs_the_same"
    missing = [t for t in ("cmake", "ninja", "valgrind") if not shutil.which(t)]
    if missing:
        print(f"{name} # SKIP missing: {' '.join(missing)}")
        return 0
    done = subprocess.run([sys.executable, os.path.join(ROOT, "bench", "lookup", "run.py")],
                          capture_output=True, text=True, timeout=600)
    print("# " + (done.stdout + done.stderr).rstrip().replace("\n", "\n# "))
    print(name if done.returncode == 0 else "not " + name)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
