#!/usr/bin/env python3
"""The dashboard in headless Chromium. Screenshots are kept in build/screenshots."""

import json
import os
import shutil
import subprocess
import sys

from newcomer import BUILD, Device, Machine, PROGRAM, ROOT, as_nobody, expect
from netns import Daemon, Skip, main, need_root, need_tools, pcapng_packets

HERE = os.path.dirname(os.path.abspath(__file__))
SCREENSHOTS = os.path.join(ROOT, "build", "screenshots")
FIGURES_MIN = 40

# Something to look at: datagrams to the echo port for ever, and a few connections that stay.
TRAFFIC = """
import socket, sys, time
port = int(sys.argv[1])
held = [socket.create_connection(("127.0.0.1", port)) for i in range(3)]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", port))
s.settimeout(1)
i = 0
while True:
  i += 1
  for c in held:
    c.sendall(bytes(1000 * (i % 40)))
    got = 0
    while got < 1000 * (i % 40):
      got += len(c.recv(65536))
  try:
    s.send(bytes(500))
    s.recv(2000)
  except TimeoutError:
    pass
  time.sleep(0.02)
"""


def install(folder):
    """What the lock says, of a registry that may be out of reach."""
    for _ in range(3):
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                              cwd=folder, capture_output=True, text=True, timeout=300)
        if done.returncode == 0:
            return
    raise Skip("npm ci: " + (done.stdout + done.stderr).strip().splitlines()[-1])


def playwright():
    """The folder with node_modules, made anew when package-lock.json is another."""
    source, folder = os.path.join(HERE, "browser"), os.path.join(ROOT, "build", "browser")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(source, "package-lock.json"), encoding="utf-8") as f:
        wanted = f.read()
    stamp = os.path.join(folder, "installed.json")
    if not os.path.exists(stamp) or open(stamp, encoding="utf-8").read() != wanted:
        for name in (".npmrc", "package.json", "package-lock.json"):
            shutil.copy(os.path.join(source, name), folder)
        install(folder)
        shutil.copy(os.path.join(source, "package-lock.json"), stamp)
    return folder


def look(machine, url):
    """Run page.mjs as nobody in the namespace; what it found."""
    shutil.copytree(os.path.join(playwright(), "node_modules"), machine.path("node_modules"))
    shutil.copy(os.path.join(HERE, "browser", "page.mjs"), machine.folder.name)
    home = machine.path("home")
    os.mkdir(home)
    os.chmod(home, 0o777)
    done = subprocess.run([*as_nobody(machine.namespace), "env", f"HOME={home}", f"TMPDIR={home}",
                           "node", machine.path("page.mjs"), url, home],
                          capture_output=True, text=True, timeout=300, cwd=machine.folder.name)
    os.makedirs(SCREENSHOTS, exist_ok=True)
    for name in os.listdir(home):
        if name.endswith(".png"):
            shutil.copy(os.path.join(home, name), SCREENSHOTS)
    expect(done.returncode == 0, f"exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1]), home


def check_figures(found):
    expect(len(found["figures"]) >= FIGURES_MIN, f"{len(found['figures'])} figures")
    wrong = [f for f in found["figures"] if f["shown"] != f["status"] and not f["is_made_of_more"] or
             f["text"] == "" and f["status"] not in ("0", "null", "")]
    expect(not wrong, f"not what the status says: {wrong[:5]}")
    before, after = found["first"], found["second"]
    for what, number in (
            ("bytes in", lambda s: sum(i["bytes_in"] for i in s["interfaces"])),
            ("datagrams", lambda s: sum(e["served"] for e in s["echo"])),
            ("echoed bytes", lambda s: sum(e["bytes_out"] for e in s["echo"]))):
        expect(number(after) > number(before), f"{what}: {number(before)}, then {number(after)}")


def check_looks(found):
    for name in ("phone", "small"):
        expect(found[name]["page"] <= 390, f"{name}: {found[name]}")
    expect(found["light"] > 200 and found["dark"] < 70, f"{found['light']} {found['dark']}")
    expect(not found["errors"], str(found["errors"]))


def test_dashboard():
    need_root()
    need_tools("node", "npm", "chromium")
    with Machine("browser") as m, Device(m) as d, \
         Daemon(m.namespace, sys.executable, "-c", TRAFFIC, str(d.port("echo"))):
        found, home = look(m, f"http://127.0.0.1:{d.port('page')}/")
        check_figures(found)
        check_looks(found)
        frames = [frame for _, frame in pcapng_packets(os.path.join(home, "capture.pcapng"))]
        size = os.path.getsize(os.path.join(home, "capture.pcapng"))
        expect(len(frames) > 10 and any(frame[14:].startswith(b"\x45") for frame in frames),
               f"{len(frames)} frames")
        expect(size == found["capture_bytes"], f"{size} bytes, not {found['capture_bytes']}")


if __name__ == "__main__":
    sys.exit(main([test_dashboard], program=PROGRAM))
