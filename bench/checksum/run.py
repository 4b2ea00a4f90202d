#!/usr/bin/env python3
"""Instructions per checksum of a 1,500-byte packet: this stack against Debian's liblwip.

Counted by callgrind, so the same on every machine. Ends with status 1 when any ratio is above
--limit: the packet in one piece at any alignment, chains of links of every equal length from 1 to
1,499, and mixes of lengths from a seed. Needs gcc, valgrind, liblwip-dev.
"""
import argparse
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import measure  # noqa: E402

ROOT = measure.ROOT
SOURCE = pathlib.Path(__file__).with_name("checksum.c")
PACKET_LEN = 1500
NAMED_CHAINS = {
    "54 + 1446": [54, 1446],
    "2 x 750": [750] * 2,
    "501 + 499 + 500": [501, 499, 500],
    "6 x 256 (pool)": [256],
    "24 x 63": [63],
    "44 x 34 + 4": [34],
    "93 x 16 + 12": [16],
    "375 x 4": [4],
    "1500 x 1": [1],
}
SEEDS = 8


def filled(lengths):
    """The lengths again and again until they make a packet."""
    links, left = [], PACKET_LEN
    while left > 0:
        links.append(min(lengths[len(links) % len(lengths)], left))
        left -= links[-1]
    return links


def drawn(draw):
    """Lengths from draw() until they make a packet."""
    links, left = [], PACKET_LEN
    while left > 0:
        links.append(min(draw(), left))
        left -= links[-1]
    return links


def mixes(rng):
    """Name of a kind of chain -> one such chain."""
    below = lambda n: (lambda: rng.randrange(n))  # noqa: E731
    yield from ((f"0 to {n - 1}, mixed", drawn(below(n))) for n in (4, 8, 16, 32, 64, 150, 400))
    yield "1 to 750, short ones more often", drawn(lambda: int(750 ** rng.random()))
    yield "odd and even in turn", filled([rng.randrange(40) * 2 + 1, rng.randrange(1, 40) * 2])
    yield "odd only", drawn(lambda: rng.randrange(40) * 2 + 1)
    yield "half of them empty", drawn(lambda: rng.choice([0, rng.randrange(80)]))
    yield "headers, then data", filled([14, rng.choice([20, 40, 60]), rng.choice([8, 20, 32]),
                                        PACKET_LEN])


def cases():
    """(row of the table, note, first link's alignment, gap between links, lengths)"""
    for align in range(8):
        yield f"alignment {align}", "", align, 0, [PACKET_LEN]
    for name, lengths in NAMED_CHAINS.items():
        yield f"chain {name}", "", 0, 0, filled(lengths)
    for length in range(1, PACKET_LEN):
        yield "equal links, any length", f"of {length}", 0, 0, filled([length])
    for length in range(1, 300):
        yield "equal links, odd places", f"of {length}", 1, 2 - length % 2, filled([length])
    for seed in range(SEEDS):
        for name, lengths in mixes(random.Random(seed)):
            yield f"links {name}", f"seed {seed}", seed % 8, seed % 4, lengths


def build(folder):
    ours, theirs = f"{folder}/gossamer", f"{folder}/liblwip"
    measure.run(["gcc", "-O2", "-g", "-std=c11", "-D_GNU_SOURCE",
                 *(f"-I{ROOT}/{d}" for d in ("include", "src", "ports/unix/include", "config")),
                 SOURCE, ROOT / "src/base/inet_chksum.c", "-o", ours])
    measure.run(["gcc", "-O2", "-g", "-I/usr/include/lwip", SOURCE, "-llwip", "-o", theirs])
    return ours, theirs


def sums_and_costs(program, lines):
    """(checksums, instructions), one for each line."""
    counts, said = measure.callgrind(
        [program], [*measure.MEASURED, "--dump-after=measured", "--combine-dumps=yes"],
        stdin="".join(lines))
    sums = said.split()
    if not len(sums) == len(lines) <= len(counts):
        sys.exit(f"{program}: {len(lines)} cases, {len(sums)} sums, {len(counts)} counts")
    return sums, counts[:len(lines)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=0.25, help="highest allowed ratio")
    limit = parser.parse_args().limit
    rows = list(cases())
    lines = [f"{align}+{gap} {' '.join(map(str, lens))}\n" for _, _, align, gap, lens in rows]
    with tempfile.TemporaryDirectory() as folder:
        (our_sums, ours), (their_sums, theirs) = (
            sums_and_costs(p, lines) for p in build(folder))
    worst = {}  # row -> (ratio, note, ours, theirs, cases so far)
    over = []
    for (row, note, *_), our_sum, our, their_sum, their in zip(rows, our_sums, ours, their_sums,
                                                               theirs):
        if our_sum != their_sum:
            sys.exit(f"{row} {note}: checksums differ: {our_sum} {their_sum}")
        if our > limit * their:
            over.append(f"{row} {note}: {our} of {their}: {our / their:.3f}")
        result = (our / their, note, our, their)
        worst[row] = max(worst.get(row, result), result)
    print(f"{'1,500 bytes':40}{'gossamer':>10}{'liblwip':>10}{'ratio':>8}  worst")
    for row, (ratio, note, our, their) in worst.items():
        print(f"{row:40}{our:10}{their:10}{ratio:8.3f}  {note}".rstrip())
    print("\n".join(over[:50]), end="\n" if over else "")
    print(f"{len(rows)} cases, {len(over)} above the limit; "
          f"worst ratio {max(worst.values())[0]:.3f}, limit {limit}")
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
