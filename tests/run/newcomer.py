"""The device as somebody without privileges runs it, for the tests of this folder.

Each test has a network namespace of its own, with nothing but a loopback, so that the ports are free;
inside it, everything runs as nobody. Without root the tests run as whoever calls them.
"""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))

from netns import BUILD, Failure, Namespace, ROOT, expect, run  # noqa: E402

PROGRAM = os.path.join(BUILD, "examples", "device", "gossamer-device")
NOBODY = 65534
PATIENCE_S = 120

# A shell's background jobs ignore Ctrl-C, and so would all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def in_namespace(namespace):
    return ["ip", "netns", "exec", namespace.name] if namespace else []


def as_nobody(namespace):
    """What a command begins with to run unprivileged, inside of the namespace."""
    if os.geteuid() != 0:
        return in_namespace(namespace)
    return [*in_namespace(namespace), "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
            "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]


def folder_of_nobody():
    """A temporary folder that is theirs. (The one of the test run may be closed to them.)"""
    folder = tempfile.TemporaryDirectory(prefix="gossamer-run-")
    if os.geteuid() == 0:
        os.chown(folder.name, NOBODY, NOBODY)
    return folder


class Machine:
    """A namespace, a folder, and in it the program: `with Machine() as m`."""

    def __init__(self, label):
        self.namespace = Namespace(label) if os.geteuid() == 0 else None
        self.folder = folder_of_nobody()

    def __enter__(self):
        if self.namespace:
            self.namespace.__enter__()
        self.program = os.path.join(self.folder.name, "gossamer-device")
        shutil.copy(PROGRAM, self.program)
        os.chmod(self.program, 0o755)
        return self

    def __exit__(self, *what):
        if self.namespace:
            self.namespace.__exit__(*what)
            shutil.rmtree(self.resolver_folder(), ignore_errors=True)
        self.folder.cleanup()

    def resolver_folder(self):
        return os.path.join("/etc/netns", self.namespace.name)

    def set_resolver(self, address):
        """The host's resolver, as everything in the namespace sees it."""
        os.makedirs(self.resolver_folder(), exist_ok=True)
        with open(os.path.join(self.resolver_folder(), "resolv.conf"), "w") as f:
            f.write(f"nameserver {address}\n")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def exec(self, *command, timeout=PATIENCE_S, check=True):
        return run(*as_nobody(self.namespace), *command, timeout=timeout, check=check)

    def python(self, code, *args):
        return self.exec(sys.executable, "-c", code, *args)

    def curl(self, url, *options):
        return self.exec("curl", "-sS", "--max-time", str(PATIENCE_S), "--noproxy", "*",
                         "--compressed", *options, url)

    def status(self, port=8080):
        return self.status_at(f"http://127.0.0.1:{port}/")

    def status_at(self, url):
        """What the dashboard is made of."""
        return json.loads(self.curl(url + "api/status.json"))

    def refused(self, *options):
        """The program ends with 2 and says why in one line, which is returned."""
        done = subprocess.run([*as_nobody(self.namespace), self.program, *options],
                              capture_output=True, text=True, timeout=PATIENCE_S,
                              stdin=subprocess.DEVNULL)
        expect(done.returncode == 2 and done.stderr.count("\n") == 1 and done.stdout == "" and
               done.stderr.startswith("gossamer: "),
               f"{options}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stderr


class Device:
    """The program at work: `with Device(machine, "--rtt", "40ms") as d`. At the end it is ended as
    by Ctrl-C and must leave nothing behind."""

    def __init__(self, machine, *options, command=None, ready="Wireshark", cwd=None, as_user=None):
        self.machine = machine
        self.ready = ready
        self.text = ""
        self.process = subprocess.Popen(
            [*(as_user or as_nobody(machine.namespace)), *(command or [machine.program]), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=cwd,
            start_new_session=True, env=dict(os.environ, HOME=machine.folder.name))
        os.set_blocking(self.process.stdout.fileno(), False)

    def __enter__(self):
        if self.ready:
            self.read_until(self.ready)
        return self

    def read_until(self, word, seconds=600):
        """Everything that has been said, once the word is part of it."""
        end = time.monotonic() + seconds
        while not re.search(word, self.text):
            left = end - time.monotonic()
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            data = self.process.stdout.read() if ready else None
            expect(data, f"no {word!r}, but:\n{self.text}")
            self.text += data.decode(errors="replace")
        return self.text

    def port(self, name, index=0):
        """The number behind a word of the list: page, iperf, echo, DNS."""
        lines = [line for line in self.text.splitlines() if line.split()[:1] == [name]]
        match = re.search(r"127\.0\.0\.1(?::| -p | port )(\d+)", lines[index])
        return int(match.group(1))

    def end(self):
        """Ctrl-C: what it said, and its status."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            status = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise Failure(f"Ctrl-C did not end it:\n{self.text}")
        os.set_blocking(self.process.stdout.fileno(), True)
        self.text += self.process.stdout.read().decode(errors="replace")
        self.process.stdout.close()
        return status

    def __exit__(self, kind, *_):
        if self.process.stdout.closed:
            return
        status = self.end()
        if kind is None:
            expect(status == 0, f"ended with {status}:\n{self.text}")
            expect("Traceback" not in self.text, self.text)
            self.expect_all_gone()

    def expect_all_gone(self):
        """No process of its session is left."""
        left = run("ps", "-o", "pid=,args=", "-s", str(self.process.pid), check=False)
        expect(left.strip() == "", f"left behind:\n{left}")
