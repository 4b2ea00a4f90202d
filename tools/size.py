#!/usr/bin/env python3
"""Bytes of code and memory on a Cortex-M4, linked, by profile and by object."""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = ["-mcpu=cortex-m4", "-mthumb", "-Os", "-std=c11", "-ffunction-sections", "-fdata-sections"]
STRUCTS = ("struct pbuf", "struct netif", "struct udp_pcb", "struct timer", "ip_addr_t",
           "struct tcp_pcb", "struct tcp_pcb_listen", "struct tcp_tw", "struct tcp_half_open")

HEADERS = ("lwip/netif.h", "lwip/udp.h", "lwip/timeouts.h", "lwip/priv/tcp_priv.h",
           "lwip/priv/tcp_syncache_fields.h")

# What of TCP must not grow: what it is, profile, type, most bytes.
TCP_GOALS = (("connection, tiny profile, IPv4", "tiny", "struct tcp_pcb", 156),
             ("connection, everything on", "everything", "struct tcp_pcb", 400),
             ("connection in TIME-WAIT, tiny", "tiny", "struct tcp_tw", 48),
             ("connection in TIME-WAIT, everything", "everything", "struct tcp_tw", 48),
             ("half-open connection, everything", "everything", "struct tcp_half_open", 64))
# What a connection has besides for a while; `when` it does.
TCP_EXTRAS = (("struct tcp_xmit", "each segment in flight, with SACK; and once more in recovery"),
              ("struct tcp_seg", "each segment that waits behind a hole"))


def sources():
    with open(os.path.join(ROOT, "sources.mk"), encoding="utf-8") as f:
        return re.findall(r"^  (src/\S+\.c)", f.read(), re.M)


def include_flags(profile):
    dirs = (f"tests/config/footprint/{profile}", "tests/config/cortex-m", "config", "include", "src")
    return [f"-I{os.path.join(ROOT, d)}" for d in dirs]


def compile_all(profile, folder):
    objects = []
    for source in sources() + ["tools/footprint/main.c", "tools/footprint/port.c"]:
        obj = os.path.join(folder, source.replace("/", "_")[:-2] + ".o")
        subprocess.run(["arm-none-eabi-gcc", *TARGET, *include_flags(profile), "-c",
                        os.path.join(ROOT, source), "-o", obj], check=True)
        objects.append(obj)
    return objects


def link(objects, folder):
    map_file = os.path.join(folder, "map")
    done = subprocess.run(["arm-none-eabi-gcc", *TARGET, "--specs=nano.specs",
                           "--specs=nosys.specs", "-Wl,--gc-sections", f"-Wl,-Map={map_file}",
                           *objects, "-o", os.path.join(folder, "elf")],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    with open(map_file, encoding="utf-8") as f:
        text = f.read()
    return text[text.index("Linker script and memory map"):]


def sum_up(map_text, folder):
    """Bytes by object: {name: [text, rodata, data, bss]} of the stack's own objects."""
    kinds = {".text": 0, ".rodata": 1, ".data": 2, ".bss": 3, "COMMON": 3}
    rows = {}
    entry = re.compile(r"^ (\.[a-z]+|COMMON)(\S*)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+\.o)$", re.M)
    for kind, _, size, path in entry.findall(map_text):
        name = os.path.basename(path)
        if path.startswith(folder) and name.startswith("src_") and kind in kinds:
            row = rows.setdefault(name[4:-2].replace("_", "/", 1), [0, 0, 0, 0])
            row[kinds[kind]] += int(size, 16)
    return rows


def struct_sizes(profile, folder, names=STRUCTS, defines=()):
    source = os.path.join(folder, "sizes.c")
    with open(source, "w", encoding="utf-8") as f:
        for name in HEADERS:
            f.write(f'#include "{name}"\n')
        for i, name in enumerate(names):
            f.write(f"char size_{i}[sizeof({name})];\n")
    obj = os.path.join(folder, "sizes.o")
    subprocess.run(["arm-none-eabi-gcc", *TARGET, *include_flags(profile), *defines, "-c", source,
                    "-o", obj], check=True)
    table = subprocess.run(["arm-none-eabi-nm", "-S", obj], capture_output=True, text=True,
                           check=True).stdout
    for i, name in enumerate(names):
        size = re.search(rf"^\S+ (\S+) \w size_{i}$", table, re.M)
        yield name, int(size.group(1), 16)


def tcp_sizes():
    """[(what it is, bytes, goal)] of TCP_GOALS."""
    with tempfile.TemporaryDirectory() as folder:
        for what, profile, name, goal in TCP_GOALS:
            (_, size), = struct_sizes(profile, folder, [name], ["-DLWIP_TCP=1"])
            yield what, size, goal


def report_tcp():
    print("\nTCP on a Cortex-M4: bytes")
    for what, size, goal in tcp_sizes():
        print(f"{size:7} of {goal:3}  {what}{'' if size <= goal else ': TOO LARGE'}")
    with tempfile.TemporaryDirectory() as folder:
        names = [name for name, _ in TCP_EXTRAS]
        sizes = struct_sizes("everything", folder, names, ["-DLWIP_TCP=1"])
        for (_, size), (_, when) in zip(sizes, TCP_EXTRAS):
            print(f"{size:7}         beside it: {when}")


def report(profile):
    with tempfile.TemporaryDirectory() as folder:
        rows = sum_up(link(compile_all(profile, folder), folder), folder)
        structs = list(struct_sizes(profile, folder))
    print(f"\nprofile {profile}: Cortex-M4, -Os, linked; bytes of the stack alone")
    print(f"{'text':>7} {'rodata':>7} {'data':>6} {'bss':>7}  object")
    for name, row in sorted(rows.items(), key=lambda item: -item[1][0]):
        print(f"{row[0]:7} {row[1]:7} {row[2]:6} {row[3]:7}  {name}")
    total = [sum(row[i] for row in rows.values()) for i in range(4)]
    print(f"{total[0]:7} {total[1]:7} {total[2]:6} {total[3]:7}  all "
          f"(ROM {total[0] + total[1] + total[2]}, RAM {total[2] + total[3]})")
    print("   sizeof: " + ", ".join(f"{name} {size}" for name, size in structs))


def main():
    known = sorted(os.listdir(os.path.join(ROOT, "tests", "config", "footprint")))
    profiles = sys.argv[1:] or ["tiny", "device"]
    for profile in profiles:
        if profile not in known:
            sys.exit(f"gossamer: no profile '{profile}'; there are: {' '.join(known)}")
    for profile in profiles:
        report(profile)
    if not sys.argv[1:]:
        report_tcp()


if __name__ == "__main__":
    main()
