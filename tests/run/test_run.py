#!/usr/bin/env python3
"""./gossamer run, end to end, as somebody without privileges.

`--full` also wants the URL of a fresh clone within three minutes.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

from newcomer import Device, Machine, NOBODY, PATIENCE_S, PROGRAM, ROOT, as_nobody, in_namespace
from netns import Daemon, Skip, expect, main, need_root, need_tools, pcapng_packets, wait_for

FULL = "--full" in sys.argv

# One process for both: a web server at an address of IPv4 (its argument) and at ::1, and what it
# was asked for.
WEB_SERVER = """
import http.server, socket, sys, threading
class Server(http.server.ThreadingHTTPServer):
  address_family = socket.AF_INET6
class Page(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    body = b"x" * 12345
    self.send_response(200 if self.path == "/page" else 404)
    self.send_header("Content-Length", str(len(body)))
    self.end_headers()
    self.wfile.write(body)
  def log_message(self, *what):
    print(self.client_address[0], self.path, flush=True)
four = http.server.ThreadingHTTPServer((sys.argv[1], 8123), Page)
threading.Thread(target=four.serve_forever).start()
Server(("::1", 8123), Page).serve_forever()
"""

# UDP echo: datagrams one after another; prints how many came back, and the fastest in ms.
UDP_ECHO = """
import socket, sys, time
port, count, patience = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", port))
s.settimeout(patience)
back, best = 0, 1e9
for i in range(count):
  start = time.monotonic()
  s.send(b"datagram %d" % i)
  try:
    while s.recv(2000) != b"datagram %d" % i:
      pass
  except TimeoutError:
    continue
  back += 1
  best = min(best, time.monotonic() - start)
print(back, best * 1000)
"""

# TCP echo of so many bytes: prints the seconds that it took.
TCP_ECHO = """
import socket, sys, threading, time
port, size = int(sys.argv[1]), int(sys.argv[2])
data = bytes(i * 7 % 251 for i in range(size))
s = socket.create_connection(("127.0.0.1", port))
s.settimeout(100)
start = time.monotonic()
def send():
  s.sendall(data)
  s.shutdown(socket.SHUT_WR)
threading.Thread(target=send).start()
got = b""
while part := s.recv(65536):
  got += part
assert got == data, (len(got), size)
print(time.monotonic() - start)
"""


def udp_echo(machine, port, count, patience):
    back, best_ms = machine.python(UDP_ECHO, str(port), str(count), str(patience)).split()
    return int(back), float(best_ms)


def tcp_echo(machine, port, size):
    return float(machine.python(TCP_ECHO, str(port), str(size)))


def copy_of_the_tree(folder):
    """What a clone of it would have."""
    names = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "-C", ROOT, "ls-files", "-z",
                            "--cached", "--others", "--exclude-standard"],
                           capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        source = os.path.join(ROOT, name)
        if os.path.exists(source):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            shutil.copy(source, os.path.join(folder, name))


def test_fresh_clone():
    """Build and run as one without privileges does: the URL, the page, Ctrl-C."""
    need_tools("curl")
    with Machine("fresh") as m:
        clone = m.path("clone")
        os.mkdir(clone)
        copy_of_the_tree(clone)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", clone], check=True)
        start = time.monotonic()
        with Device(m, command=["./gossamer", "run"], cwd=clone) as d:
            seconds = time.monotonic() - start
            print(f"# URL after {seconds:.0f} s", flush=True)
            expect(not FULL or seconds < 180, f"{seconds} s")
            expect("http://127.0.0.1:8080/" in d.text, d.text)
            expect("<html" in m.curl("http://127.0.0.1:8080/").lower(), "no page")
        again = subprocess.run([*as_nobody(m.namespace), "./gossamer", "run", "--nonsense"],
                               cwd=clone, capture_output=True, text=True, timeout=600)
        expect(again.returncode == 2 and again.stderr.count("\n") == 1 and
               "--nonsense" in again.stderr, again.stderr)


def test_forwards():
    need_root()
    need_tools("curl", "iperf", "dig", "dnsmasq")
    with Machine("forwards") as m:
        m.set_resolver("127.0.0.1")
        with Daemon(m.namespace, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-hosts",
                    "--no-resolv", "--listen-address=127.0.0.1", "--bind-interfaces",
                    "--address=/outside.example/192.0.2.77"), Device(m) as d:
            expect("<html" in m.curl("http://127.0.0.1:8080/").lower(), "no page")
            expect(udp_echo(m, 7007, 5, 20)[0] == 5, "UDP echo")
            tcp_echo(m, 7007, 300000)
            out = m.exec("iperf", "-c", "127.0.0.1", "-p", str(d.port("iperf")), "-t", "1")
            expect(re.search(r"bits/sec", out), out)
            dns = str(d.port("DNS"))
            for question, answer in (
                    (["gossamer"], r"10\.77\.0\.\d+"),
                    (["host.gossamer", "A"], r"10\.77\.0\.1\n"),
                    (["host.gossamer", "AAAA"], r"fd[0-9a-f:]+\n"),
                    (["outside.example"], r"192\.0\.2\.77\n"),
                    (["+tcp", "outside.example"], r"192\.0\.2\.77\n")):
                out = m.exec("dig", "@127.0.0.1", "-p", dns, "+short", "+tries=5", *question)
                expect(re.fullmatch(answer + r"\s*", out), f"{question}: {out}")


def test_fetch_by_name():
    """From inside, a server on the host by its name, over IPv4 and IPv6."""
    need_root()
    with Machine("fetch") as m, Daemon(m.namespace, sys.executable, "-c", WEB_SERVER,
                                          "127.0.0.1") as web:
        wait_for(lambda: m.exec("ss", "-tln"), lambda out: out.count(":8123 ") == 2)
        out = m.exec(m.program, "--fetch", "http://host.gossamer:8123/page")
        expect(re.fullmatch(r"IPv4 10\.77\.0\.1: HTTP/1.0 200 OK, 12345 bytes\n"
                            r"IPv6 fd[0-9a-f:]+: HTTP/1.0 200 OK, 12345 bytes\n", out), out)
        asked = web.output()
        expect("127.0.0.1 /page" in asked and "::1 /page" in asked, asked)
        for url, wanted in (("http://host.gossamer:8123/nothing", "404"),
                            ("http://host.gossamer:9/", "IPv4 10.77.0.1: Connection refused"),
                            ("http://nobody.gossamer/", "no address")):
            done = subprocess.run([*as_nobody(m.namespace), m.program, "--fetch", url],
                                  capture_output=True, text=True, timeout=PATIENCE_S)
            expect(done.returncode == 1 and wanted in done.stdout, f"{url}: {done}")


def test_three_instances():
    need_tools("curl")
    with Machine("three") as m, Device(m, "--instances", "3") as d:
        names = []
        for i in range(3):
            expect(f"http://127.0.0.1:{8080 + i}/" in d.text, d.text)
            status = m.status(8080 + i)
            names.append(status["hostname"])
            expect(status["iperf"]["public_port"] == d.port("iperf", i) == 5001 + i,
                   f"{status['iperf']} {d.text}")
            expect(udp_echo(m, 7007 + i, 3, 20)[0] == 3, "echo")
        expect(names == ["gossamer", "gossamer-2", "gossamer-3"], str(names))


def test_other_sites():
    """A page of somebody else's starts no capture; the page itself and curl do."""
    need_tools("curl")
    with Machine("sites") as m, Device(m):
        own = "http://127.0.0.1:8080"
        for origin, wanted in (("http://evil.example", "403"), ("http://127.0.0.1:8081", "403"),
                               ("null", "403"), (own, "200"), (None, "200")):
            for command, runs in (("start", True), ("stop", False)):
                before = m.status()["capture"]["is_running"]
                got = m.curl(f"{own}/api/capture/{command}", "-d", "", "-o", "/dev/null",
                             "-w", "%{http_code}", *(["-H", f"Origin: {origin}"] if origin else []))
                after = m.status()["capture"]["is_running"]
                expect(got == wanted and after == (runs if wanted == "200" else before),
                       f"{origin} {command}: {got}, {before}, then {after}")


# Addresses of a name, too many for UDP without more ado.
MANY = [f"192.0.2.{i}" for i in range(1, 61)]


def test_dns_by_tcp():
    """A long answer: the device asks again by TCP, and the gateway hands that on to the host's
    resolver."""
    need_root()
    need_tools("dnsmasq", "ip")
    with Machine("dns") as m:
        m.set_resolver("127.0.0.1")
        m.namespace.ip("route", "add", "local", "192.0.2.0/24", "dev", "lo")
        whole = m.path("whole.pcapng")
        with Daemon(m.namespace, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-hosts",
                    "--no-resolv", "--listen-address=127.0.0.1", "--bind-interfaces",
                    *[f"--host-record=many.example,{a}" for a in MANY]), \
             Daemon(m.namespace, sys.executable, "-c", WEB_SERVER, "0.0.0.0"):
            wait_for(lambda: m.exec("ss", "-tln"), lambda out: out.count(":8123 ") == 2 and
                     "127.0.0.1:53 " in out)
            out = m.exec(m.program, "--pcap", whole, "--fetch", "http://many.example:8123/page")
            found = re.match(r"IPv4 (192\.0\.2\.\d+): HTTP/1.0 200 OK, 12345 bytes\n", out)
            expect(found and found.group(1) in MANY, out)
        lens = dns_lens(whole)
        expect(0 < lens["udp"] <= 512 < 16 * len(MANY) < lens["tcp"], str(lens))


def dns_lens(path):
    """Bytes that came from port 53 by each protocol, IPv4 alone."""
    lens = {"udp": 0, "tcp": 0}
    for _, frame in pcapng_packets(path):
        if frame[12:14] == b"\x08\x00" and frame[34:36] == b"\x00\x35":
            length = int.from_bytes(frame[16:18], "big") - 20
            if frame[23] == 17:
                lens["udp"] = max(lens["udp"], length - 8)
            elif frame[23] == 6:
                lens["tcp"] += length - (frame[46] >> 4) * 4
    return lens


def test_bad_line():
    """Lower bounds only: a busy machine makes everything later, nothing earlier."""
    with Machine("line") as m:
        with Device(m, "--rtt", "40ms", "--rate", "10M", "--seed", "7") as d:
            back, best_ms = udp_echo(m, d.port("echo"), 10, 20)
            expect(back == 10 and best_ms >= 39, f"{back} came back, the first after {best_ms} ms")
            seconds = tcp_echo(m, d.port("echo"), 500000)
            expect(seconds > 500000 * 8 / 10e6, f"500000 bytes in {seconds} s are more than 10M")
        with Device(m, "--loss=20%", "--seed=7") as d:
            back, _ = udp_echo(m, d.port("echo"), 60, 0.3)
            expect(0 < back < 60, f"{back} of 60 came back")
            tcp_echo(m, d.port("echo"), 100000)


def test_pcap():
    need_root()
    need_tools("curl")
    with Machine("pcap") as m:
        live, whole = m.path("live.pcapng"), m.path("whole.pcapng")
        m.exec("mkfifo", live)
        with Daemon(m.namespace, "cat", live, folder=m.folder.name) as reader:
            with Device(m, "--pcap", live):
                m.curl("http://127.0.0.1:8080/")
                wait_for(lambda: os.pread(reader.log.fileno(), 1 << 20, 0),
                         lambda data: b"GET / HTTP/1.1\r\nHost: 127.0.0.1" in data)
        with Device(m, "--pcap", whole, "--instances", "2"):
            m.curl("http://127.0.0.1:8081/")
        frames = [frame for _, frame in pcapng_packets(whole)]
        for text in (b"GET / HTTP/1.1", b"HTTP/1.1 200", b"gossamer-2"):
            expect(any(text in f for f in frames), f"no {text} in {len(frames)} frames")


def test_errors():
    with Machine("errors") as m:
        for options, wanted in (
                (["--nonsense"], "--help"), (["nonsense"], "--help"), (["--tap"], "value"),
                (["--loss", "much"], "1%"), (["--rtt=-3ms"], "40ms"), (["--instances", "0"], "1 to"),
                (["--instances", "99"], "1 to"), (["--http", "99999"], "65535"),
                (["--pcap", "/nowhere/at/all"], "choose a file"),
                (["--fetch", "ftp://host.gossamer/"], "http://"),
                (["--tap", "tap0", "--instances", "2"], "--tap"),
                (["--tap", "a-name-that-is-too-long"], "at most"),
                (["--tap", "gossamer-none"], "sudo ip tuntap add gossamer-none|try as root")):
            said = m.refused(*options)
            expect(re.search(wanted, said), f"{options}: {said}")
        expect("--loss" in m.exec(m.program, "--help"), "no help")


def test_busy_port():
    with Machine("busy") as m, Device(m):
        said = m.refused()
        expect("8080" in said and "--http" in said, said)
        said = m.refused("--http", "8090")
        expect("5001" in said and "--iperf" in said, said)


def test_ctrl_c():
    """At any moment; and everything can be had again at once."""
    with Machine("end") as m:
        for moment in range(4):
            device = Device(m, ready=None).__enter__()
            time.sleep(0.1 * moment)
            status = device.end()
            # Before it has begun, the signal itself is its end.
            expect(status in (0, -signal.SIGINT), f"{status}: {device.text}")
            device.expect_all_gone()
        with Device(m):
            tcp_echo(m, 7007, 10000)
        with Device(m):
            tcp_echo(m, 7007, 10000)


def test_text():
    with Machine("text") as m:
        with Device(m, "--text", ready=r"10\.77\.0\.[2-9]") as d:
            expect("http://127.0.0.1:8080/" in d.text and "gossamer" in d.text, d.text)


def dhcp_server(m):
    """On tap0, of which it has an address."""
    return Daemon(m.namespace, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0",
                  "--interface=tap0", "--bind-dynamic", "--dhcp-authoritative",
                  "--dhcp-range=10.79.0.50,10.79.0.60,1h",
                  f"--dhcp-leasefile={m.path('leases')}")


def told_page(m, d, address):
    """The URL with such an address that the device has told, and whose page is there."""
    url = re.search(rf"http://{address}/", d.text)
    expect(url, d.text)
    expect("<html" in m.curl(url.group(0)).lower(), "no page")
    return url.group(0)


LEASED = r"10\.79\.0\.(5\d|60)"


def test_tap():
    """A real network: an address by DHCP, the page there."""
    need_root()
    need_tools("dnsmasq", "curl")
    with Machine("tap") as m:
        m.namespace.add_tap("tap0", "10.79.0.1/24")
        with dhcp_server(m):
            # As root: /dev/net/tun is not everybody's on all machines.
            with Device(m, "--tap", "tap0", as_user=in_namespace(m.namespace)) as d:
                status = m.status_at(told_page(m, d, LEASED))
                expect(status["hostname"] == "gossamer" and status["iperf"]["public_port"] == 5001,
                       str(status))


def test_autoip():
    """Nobody serves DHCP: an address that the device chose; a lease once somebody does."""
    need_root()
    need_tools("dnsmasq", "curl")
    with Machine("autoip") as m:
        ns = m.namespace
        ns.add_tap("tap0", "169.254.1.1/16")
        ns.ip("addr", "add", "10.79.0.1/24", "dev", "tap0")
        with Device(m, "--tap", "tap0", as_user=in_namespace(ns)) as d:
            url = told_page(m, d, r"169\.254\.\d+\.\d+")
            addresses = [a for i in m.status_at(url)["interfaces"] for a in i["addresses"]]
            expect(url[7:-1] in [a["address"] for a in addresses if a["origin"] == "autoip"],
                   str(addresses))
            with dhcp_server(m):
                d.read_until(rf"http://{LEASED}/")
                told_page(m, d, LEASED)


if __name__ == "__main__":
    if not shutil.which("setpriv") and os.geteuid() == 0:
        raise Skip("missing: setpriv")
    sys.exit(main([test_fresh_clone, test_forwards, test_fetch_by_name, test_three_instances,
                   test_other_sites, test_dns_by_tcp, test_bad_line, test_pcap, test_errors,
                   test_busy_port, test_ctrl_c, test_text, test_tap, test_autoip],
                  program=PROGRAM, jobs=4))
