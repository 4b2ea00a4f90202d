#!/usr/bin/env python3
"""The ways to get Gossamer into a program, each done in a fresh folder. Prints TAP.

1. cmake --install, then cc app.c $(pkg-config --cflags --libs gossamer); also README.md's examples
2. add_subdirectory() with the program's own lwipopts.h and arch/cc.h
3. sources.mk from a plain Makefile, likewise
4. as 2., with threads: a port to an RTOS that has but queues (rtos/), sockets as with ESP-IDF
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "tests", "install")


class Failed(Exception):
    pass


def run(*command, cwd=None, env=None):
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(" ".join(command) + "\n" + done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def expect_app_works(app):
    out = run(app)
    if out != "10.1.2.3: 42 bytes looped\n":
        raise Failed(f"the program printed {out!r}")


def by_pkg_config(folder):
    prefix = os.path.join(folder, "prefix")
    run("cmake", "--preset", "host", "-B", os.path.join(folder, "build"),
        "-DCMAKE_INSTALL_PREFIX=" + prefix, "-DGOSSAMER_TESTS=OFF", cwd=ROOT)
    run("cmake", "--build", os.path.join(folder, "build"))
    run("cmake", "--install", os.path.join(folder, "build"))
    pc = next(os.path.join(d, "gossamer.pc") for d, _, files in os.walk(prefix)
              if "gossamer.pc" in files)
    env = dict(os.environ, PKG_CONFIG_PATH=os.path.dirname(pc))
    flags = run("pkg-config", "--cflags", "--libs", "gossamer", env=env).split()
    app = os.path.join(folder, "app")
    run("cc", "-Wall", "-Wextra", "-Werror", os.path.join(HERE, "app.c"), "-o", app, *flags)
    expect_app_works(app)
    # One with threads and sockets, which looks at its options.
    server, common = (os.path.join(ROOT, "examples", f) for f in ("tcp_server", "common"))
    run("cc", "-Wall", "-Wextra", "-Werror", "-I" + common, os.path.join(server, "tcp_server.c"),
        os.path.join(common, "main.c"), "-o", app, *flags)
    done = subprocess.run([app, "--tap"], capture_output=True, text=True)
    if done.returncode != 2 or not done.stderr.startswith("--tap is missing"):
        raise Failed(f"exit {done.returncode}: {done.stderr!r}")
    expect_examples_of_readme_work(folder, flags)
    # One with a network of its own.
    flags = run("pkg-config", "--cflags", "--libs", "gossamer-hostnet", env=env).split()
    run("cc", "-Wall", "-Wextra", "-Werror", os.path.join(ROOT, "examples", "hostnet", "hostnet.c"),
        "-o", app, *flags)
    done = subprocess.run([app], capture_output=True, text=True)
    if done.returncode != 2 or not done.stderr.startswith("usage:"):
        raise Failed(f"exit {done.returncode}: {done.stderr!r}")


def expect_examples_of_readme_work(folder, flags):
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        examples = re.findall(r"^```c\n(.*?)^```", f.read(), re.M | re.S)
    sources = [os.path.join(HERE, "readme.c")]
    for number, text in enumerate(examples):
        if text.count("\n") > 22:
            raise Failed(f"example {number + 1} of README.md has {text.count(chr(10))} lines")
        sources.append(os.path.join(folder, f"readme{number}.c"))
        with open(sources[-1], "w", encoding="utf-8") as f:
            f.write(text)
    app = os.path.join(folder, "readme")
    run("cc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", *sources, "-o", app,
        *flags)
    if run("timeout", "120", app) != "6 of 6 said hello\n":
        raise Failed("an example of README.md does not work")


def build_with_cmake(folder, config, libraries, *sources, options=()):
    with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="utf-8") as f:
        f.write(f"""cmake_minimum_required(VERSION 3.21)
project(app C)
set(GOSSAMER_CONFIG_DIRS ${{CMAKE_CURRENT_SOURCE_DIR}}/{config})
set(GOSSAMER_PORT none)
add_subdirectory({ROOT} gossamer)
add_executable(app {" ".join(sources)})
target_compile_options(app PRIVATE -Wall -Wextra -Werror)
target_link_libraries(app {libraries})
""")
    run("cmake", "-G", "Ninja", "-B", "build", *options, cwd=folder)
    run("cmake", "--build", "build", cwd=folder)
    return os.path.join(folder, "build", "app")


def by_add_subdirectory(folder):
    shutil.copytree(os.path.join(HERE, "own"), os.path.join(folder, "own"))
    shutil.copy(os.path.join(HERE, "app.c"), folder)
    expect_app_works(build_with_cmake(folder, "own", "gossamer", "app.c", "own/port.c"))


def by_port_to_an_rtos(folder):
    shutil.copytree(os.path.join(HERE, "rtos"), os.path.join(folder, "rtos"))
    # No preset has threads and one instance: races would be seen here alone.
    app = build_with_cmake(folder, "rtos", "gossamer pthread", "rtos/app.c", "rtos/port.c",
                           options=("-DCMAKE_C_COMPILER=clang",
                                    "-DCMAKE_C_FLAGS=-g -O1 -fsanitize=thread"))
    out = run("timeout", "120", app)
    if not out.endswith("0 failures\n") or out.count("\n") != 4:
        raise Failed(f"the program printed {out!r}")


def by_makefile(folder):
    shutil.copytree(os.path.join(HERE, "own"), os.path.join(folder, "own"))
    shutil.copy(os.path.join(HERE, "app.c"), folder)
    with open(os.path.join(folder, "Makefile"), "w", encoding="utf-8") as f:
        f.write(f"""GOSSAMER_DIR := {ROOT}
include $(GOSSAMER_DIR)/sources.mk
CFLAGS := -std=c11 -O1 -Wall -Wextra -Werror -Iown -I$(GOSSAMER_DIR)/include -I$(GOSSAMER_DIR)/src
app: app.c own/port.c $(GOSSAMER_SOURCES)
\t$(CC) $(CFLAGS) $^ -o $@
""")
    run("make", cwd=folder)
    expect_app_works(os.path.join(folder, "app"))


def main():
    failed = 0
    ways = (by_pkg_config, by_add_subdirectory, by_makefile, by_port_to_an_rtos)
    for number, way in enumerate(ways, 1):
        try:
            with tempfile.TemporaryDirectory() as folder:
                way(folder)
            print(f"ok {number} - {way.__name__}", flush=True)
        except Failed as e:
            failed += 1
            print("# " + str(e).replace("\n", "\n# "))
            print(f"not ok {number} - {way.__name__}", flush=True)
    print(f"1..{len(ways)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
