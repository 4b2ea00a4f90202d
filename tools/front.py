#!/usr/bin/env python3
"""The commands of ./gossamer: run, test, size, fuzz, bench, sim."""

import argparse
import concurrent.futures
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
JOBS = os.cpu_count() or 1
TEST_PRESETS = ("host", "asan", "single")
FAMILIES = (None, "ipv4", "ipv6")  # both IP versions, as the profiles have it, and one alone
TEST_TIMEOUT_S = 1200
DEVICE = os.path.join("examples", "device", "gossamer-device")
FAULTS_ELSEWHERE = 40  # failed allocations per test in builds other than host
FAULTS_ONE_FAMILY = 10  # ... and in those with one IP version


class UserError(Exception):
    """What the user can mend; printed as one line."""


# --- packages -----------------------------------------------------------------------------------

def packages_of(groups):
    wanted = []
    with open(os.path.join(ROOT, "tools", "packages.txt"), encoding="utf-8") as f:
        for line in f:
            group, _, names = line.partition(":")
            if not line.startswith("#") and group.strip() in groups:
                wanted += names.split()
    return wanted


def is_installed(package):
    status = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Status}", package],
                            capture_output=True, text=True)
    return status.stdout == "installed"


def ensure_packages(*groups):
    if not shutil.which("dpkg-query"):
        return  # not Debian: the build itself will say what is missing
    missing = [p for p in packages_of(groups) if not is_installed(p)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise UserError("missing packages; install them: sudo apt-get install " + " ".join(missing))
    print("installing: " + " ".join(missing), flush=True)
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    log = os.path.join(BUILD, "packages.log")
    os.makedirs(BUILD, exist_ok=True)
    with open(log, "w", encoding="utf-8") as out:
        subprocess.run(["apt-get", "update", "-q"], stdout=out, stderr=out, env=env)
        done = subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends",
                               "-o", "DPkg::Lock::Timeout=300", *missing],
                              stdout=out, stderr=out, env=env)
    if done.returncode != 0:
        raise UserError(f"could not install {' '.join(missing)}; see {log}")


# --- building -----------------------------------------------------------------------------------

def build(preset, family=None, target="all"):
    """Configure and build one preset, for both IP versions or one; returns its folder."""
    name = f"{preset}-{family}" if family else preset
    folder = os.path.join(BUILD, name)
    os.makedirs(folder, exist_ok=True)
    log = os.path.join(BUILD, f"{name}.log")
    with open(log, "w", encoding="utf-8") as out:
        for command in (["cmake", "--preset", preset, "-B", folder,
                         f"-DGOSSAMER_FAMILY={family or ''}"],
                        ["cmake", "--build", folder, "--target", target, "--",
                         f"-j{JOBS}"]):
            if not shutil.which(command[0]):
                raise UserError(f"{command[0]} is missing; install it")
            if subprocess.run(command, cwd=ROOT, stdout=out, stderr=out).returncode != 0:
                with open(log, encoding="utf-8", errors="replace") as f:
                    sys.stderr.write("".join(f.readlines()[-60:]))
                raise UserError(f"{name} does not build; see {log}")
    return folder


# --- run ----------------------------------------------------------------------------------------

def cmd_run(args):
    """Build the device, then become it: Ctrl-C and the status are its own."""
    ensure_packages("run")
    if not os.path.exists(os.path.join(BUILD, "run", DEVICE)):
        print("building the device, this once", file=sys.stderr, flush=True)
    program = os.path.join(build("run", target="device"), DEVICE)
    os.execv(program, [program, *args.rest])


# --- running tests ------------------------------------------------------------------------------

class Tally:
    """Counts of passed, failed and skipped test cases."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.skip_notes = []
        self.failures = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.skip_notes += other.skip_notes
        self.failures += other.failures


def run_tap(name, command, env=None, timeout=TEST_TIMEOUT_S):
    """Run a program that prints TAP; a crash, a timeout or no test at all is a failure too."""
    tally = Tally()
    start = time.monotonic()
    full_env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", **(env or {}))
    try:
        done = subprocess.run(command, cwd=ROOT, env=full_env, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        output, status = done.stdout.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as e:
        output, status = (e.stdout or b"").decode(errors="replace"), f"timeout after {timeout} s"
    for line in output.splitlines():
        match = re.match(r"(not )?ok \d+\s*(.*)", line)
        if not match:
            continue
        if "# SKIP" in line:
            tally.skipped += 1
            tally.skip_notes.append(f"{name}: {match.group(2)}")
        elif match.group(1):
            tally.failed += 1
        else:
            tally.passed += 1
    if (status != 0 and tally.failed == 0) or tally.passed + tally.failed + tally.skipped == 0:
        tally.failed += 1
    if tally.failed:
        tally.failures.append(f"--- {name}: {shlex.join(command)} (exit {status})\n"
                              + output[-6000:])
    seconds = time.monotonic() - start
    mark = "FAILED" if tally.failed else "ok"
    skipped = f", {tally.skipped} skipped" if tally.skipped else ""
    print(f"{mark:6} {name}: {tally.passed} passed, {tally.failed} failed{skipped} "
          f"({seconds:.1f} s)", flush=True)
    return tally


def preset_tests(folder, quick, only=""):
    """The tests of one build. Every allocation fails once in host; elsewhere as many as there is
    time for. Simulations of one IP version alone run in host only."""
    tests = []
    preset = os.path.basename(folder)
    is_one_family = preset.endswith(FAMILIES[1:])
    faults = FAULTS_ONE_FAMILY if is_one_family else FAULTS_ELSEWHERE
    without = ("sim/",) if is_one_family and not preset.startswith("host") else ()
    if quick:
        without = ("fault/", "sim/")
    with open(os.path.join(folder, "tests.txt"), encoding="utf-8") as f:
        for line in f:
            name, _, command = line.rstrip("\n").partition("\t")
            if not name.startswith(only):
                continue
            if name and not name.startswith(without):
                if preset != "host":
                    command = re.sub(r" --fault$", f" --fault={faults}", command)
                tests.append((f"{preset}/{name}", shlex.split(command)))
    return tests


def run_all(tests):
    total = Tally()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        futures = [pool.submit(run_tap, name, command) for name, command in tests]
        for future in concurrent.futures.as_completed(futures):
            total.add(future.result())
    return total


def scripts_in(folder, pattern):
    full = os.path.join(ROOT, "tests", folder)
    if not os.path.isdir(full):
        return []
    return sorted(os.path.join(full, f) for f in os.listdir(full) if re.fullmatch(pattern, f))


def script_command(path):
    return [sys.executable, path] if path.endswith(".py") else ["bash", path]


def cmd_test(args):
    groups = ["build", "test"]
    if not args.quick and os.geteuid() == 0:
        groups += ["interop", "browser"]
        if not shutil.which("npm"):  # one from elsewhere does
            groups.append("node")
    ensure_packages(*groups)
    presets = ("host",) if args.quick else TEST_PRESETS
    families = FAMILIES[:1] if args.quick else FAMILIES
    total = Tally()
    tests = []
    for preset, family in itertools.product(presets, families):
        print(f"building {preset} {family or ''}", flush=True)
        tests += preset_tests(build(preset, family), args.quick)
    if not args.quick:
        print("building tsan: what has threads", flush=True)
        tests += preset_tests(build("tsan", target="api-tests"), args.quick,
                              only=("api/", "hostnet/"))
    for family in families if not args.quick else ():
        print(f"building cortex-m {family or ''}", flush=True)
        build("cortex-m", family)
    tests += [("structure", script_command(p)) for p in scripts_in("structure", r"test_\w+\.py")]
    total.add(run_all(tests))
    if not args.quick:
        # One after another: each builds with all cores, or must not be disturbed in its timing.
        for folder in ("options", "install", "interop", "run"):
            for path in scripts_in(folder, r"test_\w+\.(py|sh)"):
                name = f"{folder}/{os.path.splitext(os.path.basename(path))[0]}"
                total.add(run_tap(name, script_command(path)))
    for failure in total.failures:
        print(failure, flush=True)
    if total.skip_notes:
        print("=" * 72)
        print("SKIPPED, not tested here:")
        for note in total.skip_notes:
            print("  " + note)
        print("=" * 72)
    line = f"{total.passed} passed, {total.failed} failed"
    if total.skipped:
        line += f", {total.skipped} skipped"
    print(line, flush=True)
    return 1 if total.failed else 0


# --- size ---------------------------------------------------------------------------------------

def cmd_size(args):
    ensure_packages("build")
    script = os.path.join(ROOT, "tools", "size.py")
    return subprocess.run([sys.executable, script, *args.profiles]).returncode


# --- fuzz ---------------------------------------------------------------------------------------

def fuzz_targets():
    folder = os.path.join(ROOT, "tests", "fuzz")
    return sorted(f[len("fuzz_"):-2] for f in os.listdir(folder)
                  if re.fullmatch(r"fuzz_\w+\.c", f))


def cmd_fuzz(args):
    if args.name not in fuzz_targets():
        raise UserError(f"no fuzz target '{args.name}'; there are: {' '.join(fuzz_targets())}")
    ensure_packages("build")
    program = os.path.join(build("fuzz"), "tests", f"fuzz-{args.name}")
    work = os.path.join(BUILD, "corpus", args.name)
    seeds = os.path.join(ROOT, "tests", "fuzz", "corpus", args.name)
    os.makedirs(work, exist_ok=True)
    os.makedirs(seeds, exist_ok=True)
    command = [program, work, seeds, f"-max_total_time={args.seconds}", "-timeout=10",
               "-rss_limit_mb=2048", f"-artifact_prefix={work}-", "-print_final_stats=1"]
    return subprocess.run(command, cwd=ROOT).returncode


# --- bench --------------------------------------------------------------------------------------

def cmd_bench(args):
    ensure_packages("build", "bench")
    folder = os.path.join(ROOT, "bench")
    names = sorted(d for d in os.listdir(folder)
                   if os.path.exists(os.path.join(folder, d, "run.py")))
    if args.name not in names:
        raise UserError(f"no benchmark '{args.name}'; there are: {' '.join(names)}")
    return subprocess.run([sys.executable, os.path.join(folder, args.name, "run.py")]).returncode


# --- sim ----------------------------------------------------------------------------------------

def cmd_sim(args):
    ensure_packages("build", *(["bench"] if args.program == "goodput" else []))
    folder = build("host")
    if args.program == "goodput":
        script = os.path.join(ROOT, "tools", "sim.py")
        return subprocess.run([sys.executable, script, folder,
                               *(["--quick"] if args.quick else [])]).returncode
    program = os.path.join(folder, "tests", f"sim-program-{args.program}")
    if args.program == "fairness":
        return subprocess.run([program, str(args.seeds)]).returncode
    if args.program == "flood":
        return subprocess.run([program, "--rate", str(args.rate), "--seconds", str(args.seconds),
                               "--clients", str(args.clients)]).returncode
    return subprocess.run([program, "--seeds", str(args.seeds), "--first", str(args.first),
                           *(["--loud"] if args.loud else [])]).returncode


def add_sim(commands):
    sim = commands.add_parser("sim", help="run one program in the network simulator")
    programs = sim.add_subparsers(dest="program", metavar="PROGRAM", required=True)
    goodput = programs.add_parser("goodput", help="one bulk flow: rates, round-trip times, loss, "
                                  "senders; a table, and build/goodput.png")
    goodput.add_argument("--quick", action="store_true", help="one seed instead of ten")
    soak = programs.add_parser("soak", help="random TCP scenarios, one per seed; 1 if one fails")
    soak.add_argument("--seeds", type=int, default=1000, metavar="N", help="how many (1000)")
    soak.add_argument("--first", type=int, default=1, metavar="K", help="the first seed (1)")
    soak.add_argument("--loud", action="store_true", help="a line for each")
    fairness = programs.add_parser("fairness", help="flows that share a bottleneck: ten of CUBIC, "
                                   "CUBIC with NewReno")
    fairness.add_argument("--seeds", type=int, default=3, metavar="N", help="how many (3)")
    flood = programs.add_parser("flood", help="SYN flood against a backlog of 16: 1 if fewer than "
                                "95 %% of the genuine clients are served within 3 s")
    flood.add_argument("--rate", type=int, default=100000, metavar="N", help="SYNs a second (100000)")
    flood.add_argument("--seconds", type=int, default=30, metavar="N", help="how long (30)")
    flood.add_argument("--clients", type=int, default=1000, metavar="N",
                       help="genuine clients meanwhile (1000)")
    sim.set_defaults(run=cmd_sim)


def main():
    parser = argparse.ArgumentParser(
        prog="./gossamer", description="Gossamer, a TCP/IP stack that is source-compatible with "
        "lwIP: build it, test it, measure it.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser("run", add_help=False, help="a device on a private network, with a "
                              "page for your browser; needs no privileges; --help has its options")
    run.set_defaults(run=cmd_run)
    test = commands.add_parser("test", help="build host, asan, single and cortex-m; run all tests")
    test.add_argument("--quick", action="store_true",
                      help="host only: unit and packet tests, and the structure of the sources")
    test.set_defaults(run=cmd_test)
    size = commands.add_parser("size", help="bytes of code and memory on a Cortex-M4")
    size.add_argument("profiles", nargs="*", metavar="PROFILE",
                      help="tiny, device (config/*.h) or stock (lwIP's own defaults)")
    size.set_defaults(run=cmd_size)
    fuzz = commands.add_parser("fuzz", help="run one libFuzzer target")
    fuzz.add_argument("name", metavar="NAME", help="target, e.g. frame (a wrong one lists them)")
    fuzz.add_argument("seconds", metavar="SECONDS", type=int, help="how long")
    fuzz.set_defaults(run=cmd_fuzz)
    bench = commands.add_parser("bench", help="run one benchmark; instructions, counted by callgrind")
    bench.add_argument("name", metavar="NAME", help="benchmark, e.g. checksum")
    bench.set_defaults(run=cmd_bench)
    add_sim(commands)
    args, args.rest = parser.parse_known_args()
    if args.rest and args.run is not cmd_run:
        parser.error("unrecognized arguments: " + " ".join(args.rest))
    try:
        return args.run(args)
    except UserError as e:
        print(f"gossamer: {e}", file=sys.stderr)
        return 2 if args.run is cmd_run else 1
    except PermissionError as e:
        print(f"gossamer: {e.filename}: {e.strerror}; is the folder another user's?",
              file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
