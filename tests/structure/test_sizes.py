#!/usr/bin/env python3
"""What a TCP connection takes of a microcontroller's memory stays within its goals (tools/size.py)."""

import os
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tools"))

import size  # noqa: E402


def main():
    print(f"1..{len(size.TCP_GOALS)}")
    if not shutil.which("arm-none-eabi-gcc"):
        for i, goal in enumerate(size.TCP_GOALS):
            print(f"ok {i + 1} - {goal[0]} # SKIP missing: arm-none-eabi-gcc")
        return 0
    failed = 0
    for i, (what, have, goal) in enumerate(size.tcp_sizes()):
        failed += have > goal
        print(f"{'not ok' if have > goal else 'ok'} {i + 1} - {what}: {have} of {goal} bytes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
