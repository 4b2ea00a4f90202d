#!/usr/bin/env python3
"""The examples, unchanged, compiled and linked with Debian's liblwip, but for those whose feature it
does not have (examples/README.md). Prints TAP."""

import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "examples")
COMMON = os.path.join(EXAMPLES, "common")

# Example: what of it liblwip cannot do.
LACKS = {
    "echo": "#include \"port/",      # Gossamer's port
    "hostnet": "gossamer/hostnet.h",
    "select_server": "select(high",  # LWIP_SOCKET_SELECT 0: it would be the kernel's
}
# Of these the C library has its own; a program that takes one of them means the kernel.
KERNEL = set("accept bind connect fcntl getsockopt if_nametoindex listen poll recv recvfrom select send "
             "sendto setsockopt shutdown socket".split())


def flags():
    done = subprocess.run(["pkg-config", "--cflags", "--libs", "lwip"], capture_output=True,
                          text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else None


def source_of(name):
    return os.path.join(EXAMPLES, name, name + ".c")


def complaint(name, flags_of_lwip, folder):
    """Why it cannot be built; "" when it can."""
    with open(source_of(name), encoding="utf-8") as f:
        is_app = '#include "app.h"' in f.read()
    program = os.path.join(folder, name)
    command = ["gcc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-I" + COMMON,
               "-include", os.path.join(COMMON, "liblwip_names.h"), source_of(name),
               *([os.path.join(COMMON, "main.c")] if is_app else []), "-o", program,
               *flags_of_lwip, "-pthread"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr
    symbols = subprocess.run(["nm", "-u", program], capture_output=True, text=True, check=True)
    names = {line.split()[-1].partition("@")[0] for line in symbols.stdout.splitlines()}
    return " ".join(["the kernel's:", *sorted(names & KERNEL)]) if names & KERNEL else ""


def verdict(name, text):
    with open(source_of(name), encoding="utf-8") as f:
        source = f.read()
    if name not in LACKS:
        return text
    if LACKS[name] not in source:
        return f"it no longer says {LACKS[name]!r}: is it still different?"
    return "" if text else "can be built: examples/README.md says that it cannot"


def main():
    # A folder with a CMakeLists.txt of its own is no one-page program, but a device.
    names = sorted(n for n in os.listdir(EXAMPLES) if os.path.exists(source_of(n)) and
                   not os.path.exists(os.path.join(EXAMPLES, n, "CMakeLists.txt")))
    flags_of_lwip = flags()
    if flags_of_lwip is None:
        print("ok 1 - liblwip # SKIP missing: liblwip-dev\n1..1")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names, 1):
            text = verdict(name, complaint(name, flags_of_lwip, folder))
            if text:
                failed += 1
                print("# " + text.replace("\n", "\n# "))
            print(f"{'not ok' if text else 'ok'} {number} - {name}", flush=True)
    print(f"1..{len(names)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
