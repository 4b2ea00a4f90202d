"""What benchmarks share: building, and counting instructions with callgrind."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("GOSSAMER_BUILD", ROOT / "build" / "host"))

# Count only inside of the program's function measured().
MEASURED = ("--collect-atstart=no", "--toggle-collect=measured")


def run(command, **options):
    """The finished command; ends the program with what it said if it failed."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: status {done.returncode}\n"
                 + done.stdout[-3000:] + done.stderr[-3000:])
    return done


def build(target, folder=BUILD, *definitions):
    """Build a target of the preset host (gcc -O2), with other CMake definitions in a folder of its
    own; returns the folder."""
    run(["cmake", "--preset", "host", "-B", folder, "-DGOSSAMER_FAMILY=", *definitions], cwd=ROOT)
    run(["cmake", "--build", folder, "--target", target], cwd=ROOT)
    return folder


def callgrind(command, options=MEASURED, tunables="", stdin=None):
    """Run under callgrind: (instructions of each part that it dumped, of all threads; what the
    program said)."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        done = run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *options,
                    *command], input=stdin,
                   env={**os.environ, "LD_BIND_NOW": "1", "GLIBC_TUNABLES": tunables})
        totals = re.findall(r"^totals: (\d+)", out.read_text(encoding="utf-8"), re.M)
    return [int(t) for t in totals], done.stdout
