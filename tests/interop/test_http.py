#!/usr/bin/env python3
"""The HTTP server against curl, wrk, ab, raw sockets, slow clients and bad ones, over TAP.

    test_http.py [--full] [WORD]

--full: wrk and ab for 60 seconds each, 10,000 slow clients for 20. A WORD selects tests.
"""

import argparse
import contextlib
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time

from netns import BUILD, ROOT, Device, Namespace, expect, main, need_root, need_tools, wait_for
from nettcp import FAMILY, inside, read_to_end, reset_on_close

PROGRAM = os.path.join(BUILD, "tests", "interop-device_http")
SLOW = os.path.join(ROOT, "tests", "interop", "slow_clients.py")
CORPUS = os.path.join(ROOT, "tests", "fuzz", "corpus", "http")
KERNEL = {4: "10.79.0.1", 6: "fd79::1"}
OURS = {4: "10.79.0.2", 6: "fd79::2"}
SITE = {4: f"http://{OURS[4]}", 6: f"http://[{OURS[6]}]"}
OTHERS = [f"10.79.0.{n}" for n in range(11, 16)]  # more addresses of clients
PATIENCE = 60
IS_FULL = False


def stream(length, seed=1):
    """stream.h's bytes."""
    mask = (1 << 64) - 1
    words = []
    for index in range((length + 7) // 8):
        z = ((seed + index + 1) * 0x9e3779b97f4a7c15) & mask
        z = ((z ^ (z >> 32)) * 0xd6e8feb86659fd93) & mask
        words.append((z ^ (z >> 32)).to_bytes(8, "little"))
    return b"".join(words)[:length]


class Link:
    """The kernel at one end of tap0, the server at the other."""

    def __init__(self, tap="--tap"):
        self.tap = tap

    def __enter__(self):
        need_root()
        need_tools("curl", "wrk", "ab")
        self.stack = contextlib.ExitStack()
        self.ns = self.stack.enter_context(Namespace("http"))
        for setting in ("ipv6.conf.all.accept_dad=0", "ipv6.conf.default.accept_dad=0"):
            self.ns.sysctl("net." + setting)
        self.ns.add_tap("tap0", KERNEL[4] + "/24")
        self.ns.ip("addr", "add", KERNEL[6] + "/64", "dev", "tap0", "nodad")
        for address in OTHERS:
            self.ns.ip("addr", "add", address + "/24", "dev", "tap0")
        self.folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.device = self.stack.enter_context(
            Device(self.tap, "tap0", "--ip4", OURS[4] + "/24", "--ip6", OURS[6] + "/64",
                   namespace=self.ns, program=PROGRAM))
        return self

    def __exit__(self, *what):
        return self.stack.__exit__(*what)

    def curl(self, *args, status=0):
        """What it printed, as bytes; it must end with that status."""
        done = subprocess.run(["ip", "netns", "exec", self.ns.name, "curl", "-sS", "--max-time",
                               str(PATIENCE), *args], capture_output=True, check=False,
                              timeout=2 * PATIENCE)
        expect(done.returncode == status,
               f"curl {' '.join(args)}: {done.returncode}\n{done.stdout[:500]}{done.stderr}")
        return done.stdout

    def code(self, path, *args):
        """Status of the response."""
        return int(self.curl("-o", "/dev/null", "-w", "%{http_code}", *args, SITE[4] + path))

    def connect(self, family=4):
        with inside(self.ns):
            s = socket.socket(FAMILY[family], socket.SOCK_STREAM)
        s.settimeout(PATIENCE)
        s.connect((OURS[family], 80))
        return s

    def say(self, request):
        """All that is answered to these bytes, behind which nothing comes."""
        with self.connect() as s:
            s.sendall(request)
            s.shutdown(socket.SHUT_WR)
            return read_to_end(s)

    def held(self):
        return self.device.counters("held")

    def file(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(data)
        return path


@contextlib.contextmanager
def nothing_is_left(link):
    """Behind the block no connection is left, and no memory is held that was not before."""
    link.curl(SITE[4])
    link.curl(SITE[6])
    # The groups of both IPv6 addresses have been joined, the link-local one's some time later.
    pools = wait_for(lambda: link.device.ask("pools"), lambda out: "MLD6_GROUP=2" in out, PATIENCE)
    before = wait_for(link.held, lambda held: held["connections"] == 0, PATIENCE)
    yield
    end = time.monotonic() + PATIENCE
    while any(after[k] > before[k] for k in before) if (after := link.held()) else False:
        expect(time.monotonic() < end, f"{after} are held, {before} were;\n"
               f"{link.device.ask('pools')}\n{pools}")
        time.sleep(0.2)
    expect(link.curl(SITE[4]) == b"index\n", "it does not go on")


# --- curl ---

def test_get():
    with Link() as link:
        for family in (4, 6):
            site = SITE[family]
            expect(link.curl(site + "/") == b"index\n", "/")
            expect(link.curl(site + "/index.html?a=1&b=2") == b"index\n", "with parameters")
            expect(link.curl(site + "/text/a%20%62") == b"a b\n", "encoded")
            expect(link.curl(site + "/bytes/100000") == stream(100000), "many bytes")
            expect(link.curl(site + "/unknown/50000") == stream(50000), "unknown length")
            expect(link.curl(site + "/bytes/0") == b"", "no bytes")


def test_versions():
    with Link() as link:
        for option, version in (("--http1.0", "1.0"), ("--http1.1", "1.1")):
            head = link.curl("-i", option, SITE[4]).decode()
            expect(re.match(r"HTTP/1\.[01] 200 ", head) and head.endswith("\r\n\r\nindex\n"),
                   f"{version}: {head}")
            expect(link.curl(option, SITE[4] + "/unknown/30000") == stream(30000), version)
        expect(link.say(b"GET /\r\n") == b"index\n", "HTTP/0.9")
        expect(link.say(b"GET / HTTP/1.0\r\n\r\n").endswith(b"\r\n\r\nindex\n"), "no Host")
        expect(link.say(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400"), "1.1 has a Host")
        expect(link.say(b"GET / HTTP/2.0\r\n\r\n").startswith(b"HTTP/1.1 505"), "HTTP/2.0")


def test_head():
    with Link() as link:
        head = link.curl("-I", SITE[4] + "/bytes/123456").decode().lower()
        expect("content-length: 123456\r\n" in head and head.endswith("\r\n\r\n"), head)
        out = link.curl("-I", SITE[4], "--next", "-s", SITE[4], "-w", "%{num_connects}")
        expect(out.endswith(b"index\n0"), f"a HEAD does not end the connection: {out}")


def test_errors():
    with Link() as link:
        expect(link.code("/none.html") == 404, "404")
        expect(link.code("/../index.html", "--path-as-is") in (400, 404), "above the root")
        expect(link.code("/", "-X", "DELETE") in (405, 501), "DELETE")
        expect(link.code("/", "-H", "X-Long: " + "x" * 12000) == 431, "long header")
        expect(link.code("/" + "x" * 5000) in (414, 431), "long target")
        expect(link.code("/", "-H", "Range: bytes=0-2") in (200, 206), "range")
        expect(link.curl("--compressed", SITE[4]) == b"index\n", "compressed")


def test_keepalive():
    with Link() as link:
        urls = [SITE[4] + path for path in ("/", "/bytes/20000", "/none", "/unknown/10", "/")]
        out = link.curl("-o", "/dev/null", *sum((["-o", "/dev/null"] for _ in urls[1:]), []),
                        "-w", "%{num_connects}", *urls)
        expect(out == b"10000", f"new connections: {out}")
        for args in (["-H", "Connection: close"], ["--http1.0"]):
            out = link.curl("-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects}", *args,
                            SITE[4], SITE[4])
            expect(out == b"11", f"{args}: {out}")
        out = link.curl("-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects}", "--http1.0",
                        "-H", "Connection: keep-alive", SITE[4], SITE[4])
        expect(out == b"10", f"HTTP/1.0, kept alive: {out}")


def test_parallel():
    with Link() as link:
        sizes = [random.Random(1).randrange(200000) for _ in range(60)]
        paths = [os.path.join(link.folder, str(i)) for i in range(len(sizes))]
        args = sum((["-o", path, f"{SITE[4 if i % 2 else 6]}/bytes/{size}"]
                    for i, (path, size) in enumerate(zip(paths, sizes))), [])
        link.curl("-Z", "--parallel-max", "30", "--parallel-immediate", *args)
        for path, size in zip(paths, sizes):
            with open(path, "rb") as f:
                expect(f.read() == stream(size), f"{size} bytes")


def test_post():
    with Link() as link:
        post = SITE[4] + "/post"
        for length in (0, 1, 1000, 1025, 100000, 2000000):
            data = "@" + link.file("data", stream(length))
            for args in ([], ["-H", "Expect: 100-continue"], ["-H", "Expect:"], ["--http1.0"]):
                out = link.curl("--data-binary", data, *args, post)
                expect(out == f"{length},-1\n".encode(), f"{length} {args}: {out}")
        expect(link.curl("-d", "a=b", "-d", "c=d", post) == b"7,0\n", "form")
        out = link.curl("-F", f"file={data}", post)
        expect(int(out.split(b",")[0]) > 2000000, f"multipart form: {out}")
        expect(link.code("/no/where", "-d", "x") == 403, "refused")
        code = link.code("/post", "-H", "Transfer-Encoding: chunked", "-d", "abc")
        expect(code in (200, 411, 501), f"chunked: {code}")
        out = link.curl("--data-binary", "", "-w", "%{num_connects}", post, "--next", "-s", "-w",
                        "%{num_connects}", "-d", "x", post)
        expect(out == b"0,-1\n11,0\n0", f"kept alive: {out}")


def test_ssi_cgi():
    with Link() as link:
        page = link.curl(SITE[4] + "/page.shtml").decode()
        expect(re.fullmatch(r"one (<!--#one-->)?\[1\] two (<!--#two-->)?\[2\] none .*\n", page),
               page)
        expect(link.curl(SITE[4] + "/text.cgi?a=1&b=x&c") == b"a=1,b=x,c=-\n", "CGI")
        expect(link.curl(SITE[4] + "/text.cgi") == b"none\n", "CGI without parameters")
        expect(link.curl("-G", "-d", "q=1", SITE[4] + "/text.cgi") == b"q=1\n", "a form by GET")


# --- sockets ---

def requests(paths, last="Connection: close\r\n"):
    """Requests for all of them; the last ends the connection."""
    return b"".join(f"GET {path} HTTP/1.1\r\nHost: h\r\n{last if i == len(paths) - 1 else ''}\r\n"
                    .encode() for i, path in enumerate(paths))


def test_pipelining():
    with Link() as link, nothing_is_left(link):
        sizes = [random.Random(2).randrange(3000) for _ in range(200)]
        data = requests([f"/bytes/{n}" for n in sizes])
        for piece in (len(data), 1460, 7):
            with link.connect() as s:
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for at in range(0, len(data), piece):
                    s.send(data[at:at + piece])
                answers = read_to_end(s)
            for n in sizes:
                head, _, answers = answers.partition(b"\r\n\r\n")
                expect(head.startswith(b"HTTP/1.1 200"), f"{head[:200]}")
                expect(answers[:n] == stream(n), f"{n} bytes")
                answers = answers[n:]
            expect(answers == b"", f"more: {answers[:100]}")


def test_byte_by_byte():
    with Link() as link, nothing_is_left(link):
        with link.connect(6) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in requests(["/text/slow", "/"]):
                s.send(bytes([byte]))
            expect(read_to_end(s).endswith(b"\r\n\r\nindex\n"), "two answers")


def test_clients_that_go():
    """Resets and ends in the middle of requests and answers."""
    with Link() as link, nothing_is_left(link):
        generator = random.Random(3)
        whole = b"GET /bytes/5000000 HTTP/1.1\r\nHost: h\r\n\r\n"
        post = b"POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + b"x" * 5000
        for _ in range(150):
            with link.connect() as s:
                data = generator.choice((whole, post))
                s.sendall(data[:generator.randrange(len(data) + 1)])
                if generator.random() < 0.3:
                    s.settimeout(0.01)
                    with contextlib.suppress(OSError):
                        s.recv(1 << generator.randrange(18))
                if generator.random() < 0.5:
                    reset_on_close(s)


# --- load ---

def seconds_of_load():
    return 60 if IS_FULL else 5


def wrk_without_failure(tap, path, *args):
    with Link(tap) as link:
        seconds = seconds_of_load()
        out = link.ns.exec("wrk", "-t1", "-c20", f"-d{seconds}s", "--timeout", "30s", *args,
                           SITE[4] + path, timeout=seconds + PATIENCE)
        expect("Socket errors" not in out and "Non-2xx" not in out, out)
        expect(int(re.search(r"(\d+) requests in", out)[1]) > 100, out)


def test_wrk():
    wrk_without_failure("--tap", "/")


def test_wrk_offload():
    wrk_without_failure("--tap-offload", "/bytes/30000")


def test_wrk_new_connections():
    wrk_without_failure("--tap", "/", "-H", "Connection: close")


def ab_without_failure(*args):
    with Link() as link:
        seconds = seconds_of_load()
        out = link.ns.exec("ab", "-q", "-t", str(seconds), "-n", "5000000", "-c", "20", "-s",
                           "30", *args, SITE[4] + "/bytes/2000", timeout=seconds + PATIENCE)
        expect(re.search(r"Failed requests: +0\n", out) and "Non-2xx" not in out
               and "Write errors" not in out, out)
        expect(int(re.search(r"Complete requests: +(\d+)", out)[1]) > 100, out)


def test_ab():
    ab_without_failure("-k")


def test_ab_new_connections():
    ab_without_failure()


def test_slow_clients():
    """Thousands who never finish their request do not keep others from being served."""
    count = 10000 if IS_FULL else 2000
    with Link() as link, nothing_is_left(link):
        crowd = subprocess.Popen(["ip", "netns", "exec", link.ns.name, "timeout", "300",
                                  sys.executable, SLOW, str(count), OURS[4], *OTHERS],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                 bufsize=1)
        try:
            expect(crowd.stdout.readline() == "open\n", "not all came in")
            end = time.monotonic() + (20 if IS_FULL else 5)
            while (begun := time.monotonic()) < end:
                for family in (4, 6):
                    expect(link.curl(SITE[family]) == b"index\n", "a fast client")
                expect(time.monotonic() - begun < 20, "a fast client had to wait")
                print("?", file=crowd.stdin)
                stay, closed, shortest = crowd.stdout.readline().split()
                # Who has had time for a whole request, and more, may be sent away.
                expect(int(stay) + int(closed) == count and float(shortest) > 15,
                       f"{stay} stay, {closed} went, one after {shortest} s")
            out = link.ns.exec("ab", "-q", "-n", "2000", "-c", "10", SITE[4] + "/", timeout=PATIENCE)
            expect(re.search(r"Failed requests: +0\n", out), out)
        finally:
            crowd.terminate()
            crowd.wait()


# --- bad requests ---

GOOD = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
BAD = [
    b"\r\n\r\n\r\n\r\n", b"GET", b"GET ", b"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", b"\0" * 100,
    b"GET / HTTP/1.1\r\nHost : h\r\n\r\n", b"GET / HTTP/1.1\r\n Host: h\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
    b"get / HTTP/1.1\r\nHost: h\r\n\r\n", b"G\0T / HTTP/1.1\r\nHost: h\r\n\r\n",
    b"GET / HTTP/1.1x\r\nHost: h\r\n\r\n", b"GET / HTTP/99999999999.1\r\nHost: h\r\n\r\n",
    b"GET / http/1.1\r\nHost: h\r\n\r\n", b"GET x HTTP/1.1\r\nHost: h\r\n\r\n",
    b"A" * 100000, b"GET /" + b"a" * 100000, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20000,
    b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 100000 + b"\r\n\r\n",
    *(b"POST /post HTTP/1.1\r\nHost: h\r\n" + field + b"\r\n\r\nbody" for field in (
        b"Content-Length: -1", b"Content-Length: 99999999999999999999", b"Content-Length: 4x",
        b"Content-Length: 0x4", b"Content-Length: +4", b"Content-Length: ", b"X: y",
        b"Content-Length: 4\r\nContent-Length: 5", b"Content-Length: 4,5",
        b"Content-Length: 4294967300", b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4", b"Transfer-Encoding: gzip",
        b"Content-Length: 1000")),
]


def corpus():
    return [open(os.path.join(CORPUS, name), "rb").read() for name in sorted(os.listdir(CORPUS))]


def answer_or_end(link, request):
    """What came until the server closed the connection, by FIN or RST."""
    with link.connect() as s:
        data = b""
        try:
            s.sendall(request)
            s.shutdown(socket.SHUT_WR)
            while part := s.recv(1 << 16):
                data += part
        except TimeoutError:
            raise
        except OSError:
            pass  # reset
        return data


def test_bad_requests():
    """Each is answered by an error, or the connection is closed; and the server goes on."""
    with Link() as link, nothing_is_left(link):
        for bad in BAD:
            said = answer_or_end(link, bad)
            expect(said == b"" or re.match(rb"HTTP/1\.[01] (4|5)\d\d ", said),
                   f"{bad[:100]}: {said[:200]}")
            expect(b"root:" not in said, "a file of the host's")


def test_corpus():
    """What the fuzzer has found: whatever is answered, the connection ends and the server goes on."""
    with Link() as link, nothing_is_left(link):
        inputs = corpus()
        expect(len(inputs) > 20, "where is the corpus?")
        for data in inputs:
            said = answer_or_end(link, data)
            expect(said == b"" or said.startswith(b"HTTP/1.") or b"GET" in data,
                   f"{data[:100]}: {said[:200]}")


def test_broken_requests():
    """Good ones with bytes changed, lost, doubled."""
    with Link() as link, nothing_is_left(link):
        generator = random.Random(4)
        for _ in range(400):
            data = bytearray(generator.choice((GOOD, requests(["/bytes/10", "/"]),
                                               b"POST /post HTTP/1.1\r\nHost: h\r\n"
                                               b"Content-Length: 4\r\n\r\nbody")))
            for _ in range(generator.randrange(1, 4)):
                at = generator.randrange(len(data))
                kind = generator.randrange(3)
                data[at:at + (kind != 2)] = [b"", bytes([generator.randrange(256)]),
                                             data[at:at + 20]][kind]
            answer_or_end(link, bytes(data))


TESTS = [test_get, test_versions, test_head, test_errors, test_keepalive, test_parallel, test_post,
         test_ssi_cgi, test_pipelining, test_byte_by_byte, test_clients_that_go, test_bad_requests,
         test_corpus, test_broken_requests, test_wrk, test_wrk_offload, test_wrk_new_connections,
         test_ab, test_ab_new_connections, test_slow_clients]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    parser.add_argument("word", nargs="?", default="")
    arguments = parser.parse_args()
    IS_FULL = arguments.full
    sys.exit(main([t for t in TESTS if arguments.word in t.__name__], program=PROGRAM, jobs=2))
