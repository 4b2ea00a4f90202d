#!/usr/bin/env python3
"""Requests per second of the HTTP server over TAP: this stack against Debian's liblwip.

wrk, in a network namespace, asks each server in turn for the same page, round after round: on
connections that stay, and on a new one for each request. The answers are the same, byte for byte;
liblwip's server (liblwip_server.c) has them ready in memory, and reads and writes its interface in
batches as ours does. Ours runs twice: on an interface that segments and sums for it (offload, which
liblwip has not), and on a plain one.

Rates depend on the machine and on what else it does, so a bar is for the ratio of medians of
rounds that alternate. With a new connection each, clients come again from ports that the server
still remembers (TIME-WAIT); liblwip then lets them wait, often so long that wrk gives up (a rate of
0). What it does before that is told too: a number of connections below the number of ports, from a
client that waits for none (ab).

Needs root, gcc, cmake, ninja, wrk, ab, ip, liblwip-dev; builds build/host.
"""
import argparse
import contextlib
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import measure  # noqa: E402

HERE = pathlib.Path(__file__).parent
SERVERS = ("liblwip", "offload", "plain")
BARS = {"keep": 1.2, "close": 1.5}
CLOSE = ("-H", "Connection: close")
FEW = 2000  # connections, before any port comes again


def build(folder):
    """The two programs."""
    root = measure.ROOT
    flags = ["gcc", "-O2", "-g", "-std=c11", "-D_GNU_SOURCE", "-pthread"]
    measure.run([*flags, HERE / "liblwip_server.c", "-I/usr/include/lwip", "-llwip",
                 "-o", folder / "liblwip"])
    library = measure.build("gossamer")
    includes = [f"-I{root / d}" for d in ("include", "ports/unix/include", "config")]
    measure.run([*flags, *includes, HERE / "gossamer_server.c", library / "libgossamer.a",
                 "-o", folder / "gossamer"])


class Net:
    """A namespace with a TAP interface for each server."""

    def __init__(self):
        self.name = f"gossamer-{os.getpid()}-http"

    def __enter__(self):
        measure.run(["ip", "netns", "add", self.name])
        for number, server in enumerate(SERVERS):
            for command in (["tuntap", "add", server, "mode", "tap"],
                            ["addr", "add", f"10.71.{number}.1/24", "dev", server],
                            ["link", "set", server, "up"]):
                measure.run(["ip", "-n", self.name, *command])
        return self

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def command(self, *args):
        return ["ip", "netns", "exec", self.name, *map(str, args)]

    def packets(self, server):
        """(to the server, from it)"""
        folder = f"/sys/class/net/{server}/statistics"
        out = measure.run(self.command("cat", f"{folder}/tx_packets", f"{folder}/rx_packets"))
        return [int(n) for n in out.stdout.split()]


def address(server):
    return f"10.71.{SERVERS.index(server)}.2"


def url(server):
    return f"http://{address(server)}/"


@contextlib.contextmanager
def running(net, server, *command):
    """A server, until the block ends."""
    process = subprocess.Popen(net.command(*command), stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline() != "ready\n":
            sys.exit(f"{server} does not start")
        yield process
    finally:
        process.terminate()
        process.wait()


def answer(net, server, close):
    """The whole answer."""
    return measure.run(net.command("curl", "-sS", "-i", "--raw", "--max-time", "20",
                                   *(CLOSE if close else ()), url(server))).stdout


def start(net, stack, folder, size):
    """All servers, each with a page of so many bytes; checks that they answer alike."""
    page = folder / f"page{size}"
    page.write_text(("0123456789abcdef" * (size // 16 + 1))[:size - 1] + "\n", encoding="ascii")
    started = {}
    for server, more in (("plain", ["plain"]), ("offload", [])):
        started[server] = stack.enter_context(
            running(net, server, folder / "gossamer", server, address(server) + "/24", page, *more))
    said = {how: answer(net, "offload", how == "close") for how in BARS}
    for how, text in said.items():
        (folder / how).write_text(text, encoding="ascii", newline="")
    started["liblwip"] = stack.enter_context(
        running(net, "liblwip", folder / "liblwip", "liblwip", address("liblwip") + "/24",
                folder / "keep", folder / "close"))
    for server in SERVERS:
        for how, text in said.items():
            if answer(net, server, how == "close") != text or len(text) < size:
                sys.exit(f"{server} answers otherwise")
    return started


def cpu_s(process):
    """Processor time of a server so far. (`ip netns exec` becomes the program.)"""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def wrk(net, server, process, how, args):
    """(requests per second, microseconds of processor and packets per request) of one round."""
    packets, cpu = net.packets(server), cpu_s(process)
    done = subprocess.run(net.command("wrk", "-t1", f"-c{args.connections}", f"-d{args.seconds}s",
                                      *(CLOSE if how == "close" else ()), url(server)),
                          capture_output=True, text=True, check=False)
    found = re.search(r"(\d+) requests in", done.stdout)
    count = int(found[1]) if found else 0
    if re.search(r"Non-2xx|Socket errors", done.stdout) and server != "liblwip":
        sys.exit(f"{server} fails:\n{done.stdout}")
    rate = float(re.search(r"Requests/sec: *([\d.]+)", done.stdout)[1]) if found else 0.0
    after = net.packets(server)
    if count == 0:
        return 0.0, math.nan, math.nan, math.nan
    return (rate, (cpu_s(process) - cpu) / count * 1e6,
            (after[0] - packets[0]) / count, (after[1] - packets[1]) / count)


def ab(net, server):
    """Requests per second of a few new connections; 0: some failed."""
    done = subprocess.run(net.command("ab", "-q", "-n", FEW, "-c", 10, url(server)),
                          capture_output=True, text=True, check=False)
    found = re.search(r"Requests per second: *([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0


def few(net):
    """What a few new connections get: the first ones."""
    rates = {server: ab(net, server) for server in SERVERS}
    print(f"{'new connection each, ' + str(FEW) + ' in all':40}" + "".join(
        f"{rates[s]:12,.0f}" for s in SERVERS)
        + f"   {rates['offload'] / max(rates['liblwip'], 1):6.2f}", flush=True)


def median(values):
    """Of those that are known."""
    known = [v for v in values if not math.isnan(v)]
    return statistics.median(known) if known else math.nan


def rounds(net, started, how, args):
    """Alternate; @return the median of each server's figures"""
    figures = {server: [] for server in SERVERS}
    for _ in range(args.rounds):
        for server in SERVERS:
            figures[server].append(wrk(net, server, started[server], how, args))
    return {server: [median(column) for column in zip(*rows)] for server, rows in figures.items()}


def report(what, medians, bar):
    """@return does the bar hold?"""
    rates = {server: medians[server][0] for server in SERVERS}
    ratio = rates["offload"] / max(rates["liblwip"], 1)
    print(f"{what:40}" + "".join(f"{rates[s]:12,.0f}" for s in SERVERS)
          + f"   {ratio:6.2f}" + ("" if bar is None else f"   {bar} {'yes' if ratio >= bar else 'NO'}"))
    for index, unit in ((1, "processor, us per request"), (2, "packets to the server"),
                        (3, "packets from it")):
        print(f"  {unit:38}" + "".join(f"{medians[s][index]:12.2f}" for s in SERVERS))
    sys.stdout.flush()
    return bar is None or ratio >= bar


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, nargs="+", default=[16384, 1024],
                        help="bytes of the page; the first is judged")
    parser.add_argument("--seconds", type=int, default=2, help="of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=10)
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("bench http needs root, for network namespaces and TAP interfaces")
    holds = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build(folder)
        for size in args.size:
            print(f"\npage of {size:,} bytes; requests per second\n{'':40}"
                  + "".join(f"{s:>12}" for s in SERVERS) + "   offload/liblwip, bar")
            with contextlib.ExitStack() as stack:
                net = stack.enter_context(Net())
                started = start(net, stack, folder, size)
                for how, what in (("keep", "connections that stay"),
                                  ("close", "new connection each")):
                    if how == "close":
                        few(net)
                    bar = BARS[how] if size == args.size[0] else None
                    holds.append(report(what, rounds(net, started, how, args), bar))
    print("all bars hold" if all(holds) else "not all bars hold")
    return not all(holds)


if __name__ == "__main__":
    sys.exit(main())
