#!/usr/bin/env python3
"""The shape of the house, tested: floors, private headers, budgets, state. Prints TAP.

Needs build/host for what is read off the objects (nm).
"""

import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(ROOT)

FLOORS = ["base", "wire", "link", "ip", "transport", "control", "api", "apps"]
FUNCTION_LINES_MAX = 100
FUNCTION_LINES_P90 = 50
FILE_LINES_MAX = 800
LINES_PER_IF = 250
COLUMNS_MAX = 100

SOURCES = sorted(glob.glob("src/**/*.[ch]", recursive=True))
TEXT = {path: open(path, encoding="utf-8").read() for path in SOURCES}

checks = []


def check(function):
    checks.append(function)
    return function


def floor_of(path):
    match = re.match(r"src/([^/]+)/", path)
    return FLOORS.index(match.group(1)) if match and match.group(1) in FLOORS else None


def includes(path):
    for name in re.findall(r'^\s*#\s*include\s+"([^"]+)"', TEXT[path], re.M):
        for candidate in ("src/" + name, os.path.join(os.path.dirname(path), name)):
            if os.path.normpath(candidate) in TEXT:
                yield os.path.normpath(candidate)
                break


@check
def no_include_goes_up_a_floor():
    for path in SOURCES:
        for target in includes(path):
            here, there = floor_of(path), floor_of(target)
            if here is not None and (there is None or there > here):
                yield f"{path} includes {target}"


@check
def private_headers_stay_in_their_folder():
    for path in SOURCES:
        for target in includes(path):
            if target.endswith("_priv.h") and os.path.dirname(path) != os.path.dirname(target):
                yield f"{path} includes {target}"


@check
def include_graph_has_no_circle():
    state = {}

    def visit(path, trail):
        if state.get(path) == "done":
            return None
        if path in trail:
            return " -> ".join(trail[trail.index(path):] + [path])
        for target in includes(path):
            circle = visit(target, trail + [path])
            if circle:
                return circle
        state[path] = "done"
        return None

    for path in SOURCES:
        circle = visit(path, [])
        if circle:
            yield circle


def functions(path):
    """(name line, lines) of each function: from its opening to its closing brace in column 1."""
    lines = TEXT[path].split("\n")
    start = None
    for number, line in enumerate(lines):
        if line == "{" or re.match(r"^[A-Za-z_].*\)\s*\{\s*$", line):
            start = number
        elif line == "}" and start is not None:
            yield start + 1, number - start + 1
            start = None


@check
def functions_fit_on_a_screen():
    lengths = []
    for path in SOURCES:
        for line, length in functions(path):
            lengths.append(length)
            if length > FUNCTION_LINES_MAX:
                yield f"{path}:{line}: {length} lines, at most {FUNCTION_LINES_MAX}"
    lengths.sort()
    p90 = lengths[len(lengths) * 9 // 10]
    print(f"# {len(lengths)} functions, median {lengths[len(lengths) // 2]}, 90 % within {p90}, "
          f"longest {lengths[-1]} lines")
    if p90 > FUNCTION_LINES_P90:
        yield f"90 % of functions are within {p90} lines, not {FUNCTION_LINES_P90}"


@check
def files_stay_short():
    for path in SOURCES:
        count = TEXT[path].count("\n")
        if count > FILE_LINES_MAX:
            yield f"{path}: {count} lines, at most {FILE_LINES_MAX}"


@check
def conditionals_are_rare():
    lines = ifs = 0
    for path in SOURCES:
        guard = re.search(r"^#ifndef (\w+)\n#define \1\s*$", TEXT[path], re.M)
        ifs += len(re.findall(r"^\s*#\s*if", TEXT[path], re.M)) - (1 if guard else 0)
        lines += TEXT[path].count("\n")
    print(f"# {ifs} conditionals in {lines} lines: one per {lines // max(ifs, 1)}")
    if ifs * LINES_PER_IF > lines:
        yield f"one #if per {lines // ifs} lines, not {LINES_PER_IF}"


@check
def no_conditional_inside_a_function():
    for path in SOURCES:
        lines = TEXT[path].split("\n")
        for line, length in functions(path):
            for number in range(line, line + length - 1):
                if re.match(r"\s*#\s*(if|else|elif)", lines[number]):
                    yield f"{path}:{number + 1}: {lines[number].strip()}"


@check
def lines_fit_in_100_columns():
    for path in SOURCES + sorted(glob.glob("include/**/*.h", recursive=True)):
        for number, line in enumerate(open(path, encoding="utf-8"), 1):
            if len(line.rstrip("\n")) > COLUMNS_MAX:
                yield f"{path}:{number}: {len(line) - 1} columns"


@check
def sources_mk_lists_every_source_once():
    listed = re.findall(r"^  (\S+\.c)", open("sources.mk", encoding="utf-8").read(), re.M)
    present = glob.glob("src/**/*.c", recursive=True) + glob.glob("ports/unix/*.c")
    for path in sorted(set(present) - set(listed)):
        yield f"{path} is in no list"
    for path in sorted(set(listed) - set(present)):
        yield f"{path} is listed and does not exist"
    for path in sorted({p for p in listed if listed.count(p) > 1}):
        yield f"{path} is listed twice"


# What all instances of a process share (STACK_PROCESS): descriptors are the process's.
PROCESS_WIDE = ("sock_table_state",)


# Functions of lwip/*.h that touch nothing which the core lock guards, or that are for tests.
LOCK_FREE = re.compile(r"_debug_print$|_init$|^lwip_cyclic_timer$|^sys_timeouts_get_next_timeout$|"
                       r"^ip4_addr_isbroadcast_u32$|^tcp_debug_state_str$|^ip6_options_add_hbh_ra$|"
                       r"^udp_netif_ip_addr_changed$|^pbuf_free_ooseq$")


def public_functions():
    """Names that lwip/*.h and netif/*.h declare."""
    for path in glob.glob("include/lwip/*.h") + glob.glob("include/netif/*.h"):
        text = re.sub(r"/\*.*?\*/", "", open(path, encoding="utf-8").read(), flags=re.S)
        yield from re.findall(r"^(?!static|typedef|#)[A-Za-z_][\w \*]*?\b(\w+)\([^;{}]*\);", text,
                              re.M)


@check
def raw_api_takes_the_core_lock():
    """Every public function of the core begins with LWIP_ASSERT_CORE_LOCKED(), or is one call."""
    public = set(public_functions())
    for path in SOURCES:
        if not re.match(r"src/(link|ip|transport|control)/|src/base/timeouts\.c", path):
            continue
        for name, body in re.findall(
                r"^(?!static)[A-Za-z_][\w \*]*?\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", TEXT[path],
                re.M | re.S):
            body = re.sub(r"^  LWIP_(ERROR|UNUSED_ARG)\(.*?;\n", "", body, flags=re.M | re.S)
            if name in public and not LOCK_FREE.search(name) and body.count(";") > 1 and \
                    "LWIP_ASSERT_CORE_LOCKED();" not in body:
                yield f"{path}: {name}()"


@check
def state_lives_in_the_instance():
    """No mutable object outside the state section, but for the thread's current instance."""
    ours = {os.path.basename(path) + ".o" for path in SOURCES}
    library = "build/host/libgossamer.a"
    table = subprocess.run(["nm", "-A", "-f", "sysv", library], capture_output=True, text=True,
                           check=True).stdout
    seen = 0
    for line in table.splitlines():
        fields = [f.strip() for f in line.split("|")]
        if len(fields) < 7 or fields[3] not in ("OBJECT", "TLS"):
            continue
        member, name = fields[0].split(":")[-2:]
        section = fields[6]
        if member not in ours:
            continue  # the port's: POSIX wants thread keys
        if section == "stack_state":
            seen += 1
        elif section == "stack_process":
            if name not in PROCESS_WIDE:
                yield f"{fields[0]} is for all instances"
        elif re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)|\*COM\*", section):
            if name != "stack_delta":
                yield f"{fields[0]} in {section}"
    if seen == 0:
        yield "no state section found: is this the multi-instance build?"


def drop_reasons():
    return re.findall(r"^DROP\((\w+),", open("include/gossamer/drop_reasons.h",
                                             encoding="utf-8").read(), re.M)


@check
def every_drop_reason_is_raised():
    everything = "\n".join(open(path, encoding="utf-8").read()
                           for path in SOURCES + glob.glob("include/lwip/priv/*.h"))
    for name in drop_reasons():
        if not re.search(rf"\bDROP_{name}\b", everything):
            yield f"DROP_{name} is raised nowhere in src/"


@check
def every_drop_reason_has_a_test():
    tests = "\n".join(open(path, encoding="utf-8").read()
                      for path in glob.glob("tests/*/test_*.c"))
    for name in drop_reasons():
        if not re.search(rf"\bDROP_{name}\b", tests):
            yield f"no test expects DROP_{name}"


# Attacks that stacks have fallen to; a test cites each by its number (docs/testing.md).
VECTORS = {
    "B9": "141 142 143 145 146 147 148 149 151 152 153 154 155 157 158",
    "B10": "159 160 161 163 164 165 166 167 169 170 171 172 173 175 176 177 178 179 181 182 183 "
           "184 185 187 188 189 190 191 193",
    "B11": "194 195 196 197",
    "B12": "199 200 201 202 203 205 206",
    "B13": "208 209 211 212 213 214 215 217 220",
}


@check
def every_vector_has_a_test():
    tests = "\n".join(open(path, encoding="utf-8").read()
                      for path in glob.glob("tests/*/test_*.c"))
    for group, numbers in VECTORS.items():
        for number in numbers.split():
            if not re.search(rf"\b{group}-{number}\b", tests):
                yield f"no test cites {group}-{number}"


@check
def options_reference_is_up_to_date():
    done = subprocess.run([sys.executable, "tools/options_reference.py", "--check"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        yield done.stderr.strip()


def makefsdata(*options):
    return subprocess.run([sys.executable, "tools/makefsdata", *options, "-o", "-"],
                          capture_output=True, text=True, check=True).stdout


@check
def http_images_are_what_makefsdata_makes():
    with open("src/apps/http/fsdata.inc") as f:
        if f.read() != makefsdata("src/apps/http/fs", "-11"):
            yield "src/apps/http/fsdata.inc is stale: tools/makefsdata src/apps/http/fs -11 -o it"
    compiler = ["gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wmissing-prototypes",
                "-Wcast-qual", "-Werror", "-fsyntax-only", "-xc", "-", "-Iinclude", "-Iconfig",
                "-Iports/unix/include", "-Itests/config"]
    for options in ([], ["-e"], ["-11", "-c"], ["-defl"], ["-gzip", "-e"], ["-nossi", "-11"]):
        image = makefsdata("src/apps/http/fs", "--image", *options)
        if image != makefsdata("src/apps/http/fs", "--image", *options):
            yield f"makefsdata {options} makes something else each time"
        for has_checksums in ("0", "1"):
            done = subprocess.run(compiler + ["-DHTTPD_PRECALCULATED_CHECKSUM=" + has_checksums],
                                  input=image, capture_output=True, text=True)
            if done.returncode != 0:
                yield f"makefsdata {options}: {done.stderr[:1000]}"


def main():
    failed = 0
    for number, function in enumerate(checks, 1):
        problems = list(function())
        failed += bool(problems)
        for problem in problems:
            print(f"# {problem}")
        print(f"{'not ok' if problems else 'ok'} {number} - {function.__name__}")
    print(f"1..{len(checks)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
