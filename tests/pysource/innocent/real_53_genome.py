"""Reads FASTA, translates, aligns two sequences."""
import io
from collections import Counter
from itertools import product
from typing import Dict, Iterator, TextIO, Tuple

BASES = "TCAG"
AMINO = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODONS: Dict[str, str] = dict(zip(map("".join, product(BASES, repeat=3)), AMINO))
COMPLEMENT = str.maketrans("ACGT", "TGCA")


def fasta(f: TextIO) -> Iterator[Tuple[str, str]]:
    name, parts = None, []
    for line in f:
        line = line.strip()
        if line.startswith(">"):
            if name is not None:
                yield name, "".join(parts)
            name, parts = line[1:].split()[0], []
        elif line:
            parts.append(line.upper())
    if name is not None:
        yield name, "".join(parts)


def translate(dna: str) -> str:
    return "".join(CODONS.get(dna[i:i + 3], "X") for i in range(0, len(dna) - 2, 3))


def reverse(dna: str) -> str:
    return dna.translate(COMPLEMENT)[::-1]


def open_frames(dna: str, least: int = 2) -> Iterator[str]:
    for strand in (dna, reverse(dna)):
        for frame in range(3):
            for part in translate(strand[frame:]).split("*"):
                at = part.find("M")
                if at >= 0 and len(part) - at >= least:
                    yield part[at:]


def align(a: str, b: str, match=1, mismatch=-1, gap=-2) -> Tuple[int, str, str]:
    score = [[gap * (i + j) if not i * j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i, j in product(range(1, len(a) + 1), range(1, len(b) + 1)):
        d = match if a[i - 1] == b[j - 1] else mismatch
        score[i][j] = max(score[i - 1][j - 1] + d, score[i - 1][j] + gap, score[i][j - 1] + gap)
    i, j, x, y = len(a), len(b), "", ""
    while i or j:
        d = match if i and j and a[i - 1] == b[j - 1] else mismatch
        if i and j and score[i][j] == score[i - 1][j - 1] + d:
            i, j, x, y = i - 1, j - 1, a[i - 1] + x, b[j - 1] + y
        elif i and score[i][j] == score[i - 1][j] + gap:
            i, x, y = i - 1, a[i - 1] + x, "-" + y
        else:
            j, x, y = j - 1, "-" + x, b[j - 1] + y
    return score[-1][-1], x, y


records = dict(fasta(io.StringIO(">one first\nATGGCC\nTAA\n>two\nATGCC\n")))
assert translate(records["one"]) == "MA*"
assert align("ATGGCC", "ATGCC")[1:] in (("ATGGCC", "AT-GCC"), ("ATGGCC", "ATG-CC"))
assert Counter(records["one"])["A"] == 3 and "MA" in list(open_frames(records["one"]))
