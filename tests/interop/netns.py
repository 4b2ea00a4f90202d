"""Network namespaces, the stack under test, and TAP output for the interop tests."""

import concurrent.futures
import itertools
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("GOSSAMER_BUILD", os.path.join(ROOT, "build", "host"))
DEVICE = os.path.join(BUILD, "tests", "interop-device")
DEVICE6 = os.path.join(BUILD, "tests", "interop-device6")
STORM = os.path.join(BUILD, "tests", "interop-udp_storm")


class Skip(Exception):
    """Why a test cannot run here."""


class Failure(Exception):
    """What was expected and what came."""


def expect(condition, message):
    if not condition:
        raise Failure(message)


def need_tools(*tools):
    missing = [t for t in tools if not shutil.which(t)]
    if missing:
        raise Skip("missing: " + " ".join(missing))


def need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")
    need_tools("ip")
    if not os.path.exists("/dev/net/tun"):
        raise Skip("no /dev/net/tun")


def wait_for(question, wanted, seconds=30):
    """Ask until the answer is wanted; it is what is returned."""
    end = time.monotonic() + seconds
    while True:
        out = question()
        if wanted(out):
            return out
        expect(time.monotonic() < end, f"never became true of:\n{out}")
        time.sleep(0.2)


def run(*command, timeout=60, check=True):
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise Failure(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Namespace:
    """A network namespace of this test run, removed with everything in it."""

    number = itertools.count(1)

    def __init__(self, label):
        self.name = f"gossamer-{os.getpid()}-{next(Namespace.number)}-{label}"

    def __enter__(self):
        run("ip", "netns", "add", self.name)
        self.ip("link", "set", "lo", "up")
        return self

    def __exit__(self, *_):
        run("ip", "netns", "del", self.name, check=False)

    def ip(self, *args):
        return run("ip", "-n", self.name, *args)

    def exec(self, *command, **options):
        return run("ip", "netns", "exec", self.name, *command, **options)

    def sysctl(self, setting):
        return self.exec("sysctl", "-qw", setting)

    def add_tap(self, name, address=None):
        self.ip("tuntap", "add", name, "mode", "tap")
        if address:
            self.ip("addr", "add", address, "dev", name)
        self.ip("link", "set", name, "up")


class Daemon:
    """A program that runs in a namespace until the test is over; its output goes to a file."""

    def __init__(self, namespace, *command, folder=None):
        self.log = tempfile.TemporaryFile(mode="w+", dir=folder)
        self.process = subprocess.Popen(["ip", "netns", "exec", namespace.name, *command],
                                        stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def output(self):
        self.log.seek(0)
        return self.log.read()


class Device:
    """tests/interop/device.c, driven by its commands."""

    def __init__(self, *args, namespace=None, program=DEVICE, **options):
        prefix = ["ip", "netns", "exec", namespace.name] if namespace else []
        self.process = subprocess.Popen([*prefix, program, *args], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1, **options)

    def __enter__(self):
        expect(self.read_line() == "ready", "the device did not start")
        return self

    def __exit__(self, kind, *_):
        try:
            if self.process.poll() is None:
                self.ask("quit")
            status = self.process.wait(timeout=30)
        except (OSError, subprocess.TimeoutExpired, Failure):
            self.process.kill()
            status = self.process.wait()
        if kind is None:
            expect(status == 0, f"the device ended with {status}")

    def read_line(self, timeout=30):
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        expect(ready, "the device does not answer")
        return self.process.stdout.readline().strip()

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.read_line()

    def counters(self, command):
        return {k: int(v) for k, _, v in (f.partition("=") for f in self.ask(command).split())}


def pcapng_packets(path):
    """(flags, frame) of each enhanced packet block."""
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("=II", data, at)
        expect(struct.unpack_from("=I", data, at + length - 4)[0] == length, "block lengths differ")
        if kind == 6:
            captured = struct.unpack_from("=I", data, at + 20)[0]
            frame = data[at + 28:at + 28 + captured]
            option_at = at + 28 + (captured + 3 & ~3)
            yield struct.unpack_from("=I", data, option_at + 4)[0], frame
        at += length


def verdict(test, program):
    """("ok", why it was skipped or "") or ("not ok", what was wrong)."""
    try:
        if not os.path.exists(program):
            raise Skip(f"no {program}: build preset host first")
        test()
    except Skip as why:
        return "ok", f" # SKIP {why}"
    except (Failure, subprocess.TimeoutExpired) as e:
        return "not ok", str(e)
    except Exception:  # the others are still to run
        return "not ok", traceback.format_exc()
    return "ok", ""


def main(tests, program=DEVICE, jobs=1):
    """Run tests, `jobs` of them at once, and print TAP in their order."""
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for number, (test, result) in enumerate(
                [(t, pool.submit(verdict, t, program)) for t in tests], 1):
            name = test.__name__.removeprefix("test_")
            status, text = result.result()
            if status == "ok":
                print(f"ok {number} - {name}{text}", flush=True)
            else:
                failed += 1
                print("# " + text.replace("\n", "\n# "))
                print(f"not ok {number} - {name}", flush=True)
    print(f"1..{len(tests)}")
    return 1 if failed else 0


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="gossamer-")


def ping_all(namespace, *args, count=5):
    """Every ping is answered, and rightly. ping(8) waits for the last as long as two others took at
    most, or an interval: on a busy machine that may be too short, so it may try again."""
    for _ in range(5):
        out = namespace.exec("ping", "-n", "-c", str(count), "-i", "0.1", "-W", "5", *args,
                             check=False)
        expect("wrong data" not in out, out)
        if f" {count} received" in out:
            break
    expect(f" {count} received" in out and "duplicates" not in out, out)
    return out


def python_in(namespace, code, *args, timeout=60):
    """Run a few lines of Python inside a namespace."""
    return namespace.exec(sys.executable, "-c", code, *args, timeout=timeout)
