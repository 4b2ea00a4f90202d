#!/usr/bin/env python3
"""docs/options.md from the options' headers: options_reference.py [--check]

Each option stands in its header as a comment and an #ifndef block with its default; sections begin
with a comment of dashes. Ranges come from the comment ("Range: ...") or from the advice that
lwip/priv/opt_check.h prints. tools/options_not_there.txt explains lwIP's options that do not exist.
"""

import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUTPUT = os.path.join(ROOT, "docs", "options.md")
LWIP, OWN = "include/lwip/opt.h", "include/gossamer/opt.h"
CHECKS = "include/lwip/priv/opt_check.h"
NOT_THERE = "tools/options_not_there.txt"

HEAD = """# Options

<!-- Made by tools/options_reference.py from the headers; change those instead. -->

Set options in your `lwipopts.h`. A header that is named above a table has each option's default, used where
`lwipopts.h` says nothing. A combination that cannot work does not compile, and the message says what to change.
`config/` has whole configurations: `tiny.h`, `device.h`, `host.h`.
"""


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


class Option:
    def __init__(self, name, section, comment, block, is_first):
        self.name, self.section, self.comment, self.is_first = name, section, comment, is_first
        self.arguments, self.defaults, self.remark = "", [], ""
        for define in re.finditer(rf"^#define {name}(\([^)]*\))?[ \t]*(.*)$", block, re.M):
            value = re.match(r"(.*?)\s*(?:/\*+ *(.*?) *\*/)?$", define[2])
            self.arguments = define[1] or ""
            self.remark = value[2] or self.remark
            self.defaults.append(" ".join(value[1].split()) or "empty")

    def range(self, checks, options):
        """Its values, or what kind of thing it is."""
        told = re.search(r"Range: (.*?)\.(?:\s|$)", self.comment)
        if told:
            return told[1]
        if self.name in checks:
            return checks[self.name]
        if self.arguments:
            return "a macro"
        if self.defaults[0].startswith("LWIP_DBG"):
            return "LWIP_DBG_OFF, LWIP_DBG_ON"
        values = re.findall(r"(?<![\w.])([0-9]): ", self.comment)
        if self.is_switch(options):
            return f"0 to {max(values)}" if values and max(values) > "1" else "0 or 1"
        bounds = re.search(r"(?<!\w)(\d+ to \d+)(?= \(|[.,:])", self.comment)
        return bounds[1] if bounds else self.kind()

    def is_switch(self, options):
        """It says what 1 means, or its default is the value of a switch."""
        value = self.defaults[0].strip("() ")
        if re.match(r"1: ", self.comment) or re.search(r"&&|\|\||==|!", value):
            return True
        if value in options and value != self.name:
            return options[value].is_switch(options)
        return value in ("0", "1") and not re.search(
            r"(_|^)(NUM|MAX|MIN|LIMIT|PRIO|INTERVAL|MS|BYTES|CONNECTIONS)(_|$)|SIZE|LEN", self.name)

    def kind(self):
        value = self.defaults[0]
        number = r"[(0-9]|(LWIP_)?(MIN|MAX)|\w*_(NUM|MAX|MSS|MS|SIZE|LEN|LENGTH|PCB|SEG|API|SERVERS)\w*$"
        return "text" if value.startswith('"') else "a number" if re.match(number, value) else ""

    def meaning(self):
        text = re.sub(r"\s*Range: .*?\.(?=\s|$)", "", self.comment).strip()
        if not self.is_first:
            text = f"See `{self.first.name}`." if not self.remark else self.remark
        elif self.remark:
            text += f" {self.remark}"
        return text[0].upper() + text[1:] if text else ""


def text_of(comment):
    lines = (re.sub(r"^\s*\*? ?", "", line) for line in comment.splitlines())
    return " ".join(" ".join(lines).split())


def options_of(path):
    """The options of a header, in their order, and its hooks: (how to call it, what it is for)."""
    lines = read(path).replace("\\\n", " ").splitlines()
    section, comment, first, options, hooks = "General", "", None, [], []
    at = 0
    while at < len(lines):
        line = lines[at]
        title = re.match(r"/\* -{3,} (.*?) -{3,} \*/", line)
        guard = re.match(r"#ifndef ([A-Z]\w+)$", line)
        if title:
            section, comment, first = title[1], "", None
        elif line.startswith("/*"):
            end = next(i for i in range(at, len(lines)) if "*/" in lines[i])
            raw = "\n".join(lines[at:end + 1])
            comment = text_of(re.sub(r"^/\*+|\*/$", "", raw.strip()))
            comment = "" if comment.startswith("@file") else comment
            hooks += hooks_of(raw)
            first, at = None, end
        elif guard and not re.search(r"_(HDR_\w+|OPT)_H$", guard[1]):
            depth, end = 1, at
            while depth:
                end += 1
                depth += lines[end].startswith("#if") - lines[end].startswith("#endif")
            option = Option(guard[1], section, comment, "\n".join(lines[at:end]), first is None)
            if option.defaults:
                first = first or option
                option.first = first
                options.append(option)
                at = end
        at += 1
    return options, hooks


def hooks_of(comment):
    """A paragraph of hooks: how to call one, a colon, what it is for; the rest is indented."""
    entries = []
    for line in comment.splitlines():
        line = re.sub(r"^ ?\*/? ?", "", line)
        if re.match(r"(LWIP_HOOK|DHCP)_\w+(\(| ->|:)", line):
            entries.append(line)
        elif line.startswith("  ") and entries:
            entries[-1] += " " + line.strip()
        elif not line and entries:
            break
    return [tuple(part.strip(" .") for part in e.split(": ", 1)) for e in entries]


def checks_of(path):
    ranges = {}
    for text in re.findall(r'#error\s+"([^"]*)"', read(path).replace("\\\n", " ")):
        told = re.match(r"([A-Z]\w+(?:(?:,| and) [A-Z]\w+)*) must be (.*?)(?:: .*)?$", text)
        if told:
            for name in re.findall(r"[A-Z]\w+", told[1]):
                ranges[name] = told[2]
    return ranges


def words_of_sources():
    """All that sources mention, but not in comments, and not the headers of options alone."""
    words = set()
    for folder in ("src", "include", "ports", "hostnet"):
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.[ch]"), recursive=True):
            if os.path.relpath(path, ROOT) not in (LWIP, OWN, CHECKS):
                with open(path, encoding="utf-8") as f:
                    words.update(re.findall(r"\w+", re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)))
    return words


def cell(text):
    return text.replace("|", "\\|")


def default_of(option):
    values = sorted(set(option.defaults), key=option.defaults.index)
    return " or ".join(f"`{cell(v)}`" if v != "empty" else v for v in values)


def tables(path, options, checks):
    known = {o.name: o for o in options}
    out = [f"\n## `{path.removeprefix('include/')}`\n"]
    section = None
    for o in options:
        if o.section != section:
            section = o.section
            title = section.split(":")[0].replace("`", "")
            out.append(f"\n### {title[0].upper()}{title[1:]}\n\n| option | default | range or kind | meaning |\n"
                       "| --- | --- | --- | --- |")
        out.append(f"| `{o.name}{o.arguments}` | {default_of(o)} | {cell(o.range(checks, known))} | "
                   f"{cell(o.meaning())} |")
    return out


def not_there(words):
    out = ["\n## lwIP's options that are not there\n",
           "Setting one does nothing.\n\n| option | why |\n| --- | --- |"]
    for line in read(NOT_THERE).splitlines():
        if line and not line.startswith("#"):
            names, _, why = line.partition(": ")
            there = words.intersection(names.split())
            if there:
                sys.exit(f"{NOT_THERE}: there is {' '.join(sorted(there))}")
            out.append(f"| {' '.join(f'`{n}`' for n in names.split())} | {cell(why)} |")
    return out


def make():
    paths = [LWIP, OWN] + sorted(os.path.relpath(p, ROOT) for p in glob.glob(
        os.path.join(ROOT, "include", "lwip", "apps", "*_opts.h")))
    checks, words, hooks, out, everything = checks_of(CHECKS), words_of_sources(), [], [HEAD], []
    for path in paths:
        options, found = options_of(path)
        missing = [o.name for o in options if not o.comment and not o.remark]
        if missing:
            sys.exit(f"{path}: no comment in front of {' '.join(missing)}")
        hooks += found
        everything += options
        out += tables(path, options, checks)
    out.append("\n## Hooks\n\nMacros of the program's; where one is not defined, nothing is called.\n\n"
               "| hook | what it does |\n| --- | --- |")
    out += [f"| `{cell(call)}` | {cell(what[0].upper() + what[1:])} |" for call, what in hooks]
    words |= set(re.findall(r"\w+", " ".join(d for o in everything for d in o.defaults)))
    idle = sorted(o.name for o in everything if o.name not in words)
    out.append("\n## Options without effect\n\nThey are there so that configurations of lwIP compile; nothing "
               "reads them, since what they\nbound or switch works otherwise here or is not there: "
               "messages for the debugger, pools of lwIP's\nown making.\n")
    out.append(" ".join(f"`{name}`" for name in idle))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out + not_there(words))) + "\n"


def main():
    text = make()
    if "--check" in sys.argv[1:]:
        if not os.path.exists(OUTPUT) or read("docs/options.md") != text:
            sys.exit("docs/options.md is not up to date: run tools/options_reference.py")
        return
    with open(OUTPUT, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
