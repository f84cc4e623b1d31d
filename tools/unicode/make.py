#!/usr/bin/env python3
"""Writes src/format/python/unicode_data.def from what the running CPython knows of Unicode.

Identifiers: runs of code points that str.isidentifier() takes at the start or later. What is
unassigned in this CPython's Unicode counts as both, because a newer one may take it. NFKC:
full decompositions of whatever can stand in an identifier, canonical classes, pairs that
compose. Names: ASCII characters as \\N{...} knows them.

Usage: make.py [--check]    --check compares with the committed file instead of writing it.
"""

import pathlib
import sys
import unicodedata as u

OUT = pathlib.Path(__file__).resolve().parents[2] / "src/format/python/unicode_data.def"
SPACE = range(0x80, 0x110000)
SURROGATES = range(0xD800, 0xE000)
SYLLABLES = range(0xAC00, 0xD7A4)  # of Hangul, which are computed

# Facts of UnicodeData.txt past 14.0: of 16.0 and 17.0 what leads to ASCII (outlined letters and
# digits, subscript w y z, superscript S), of 15.0 small Cyrillic letters from U+1E030 on.
LATER = {0x209D: "w", 0x209E: "y", 0x209F: "z", 0xA7F1: "S"}
LATER.update({0x1CCD6 + i: chr(ord("A") + i) for i in range(26)})
LATER.update({0x1CCF0 + i: chr(ord("0") + i) for i in range(10)})
CYRILLIC = """
    0430 0431 0432 0433 0434 0435 0436 0437 0438 043A 043B 043C 043E 043F 0440 0441
    0442 0443 0444 0445 0446 0447 0448 044B 044D 044E A689 04D9 0456 0458 04E9 04AF
    04CF 0430 0431 0432 0433 0434 0435 0436 0437 0438 043A 043B 043E 043F 0441 0443
    0444 0445 0446 0447 0448 044A 044B 0491 0456 0455 045F 04AB A651 04B1
"""
LATER.update({0x1E030 + i: chr(int(c, 16)) for i, c in enumerate(CYRILLIC.split())})
# And of DerivedCoreProperties.txt 15.1: ZWNJ, ZWJ, two middle dots became XID_Continue.
LATER_CONTINUE = {0x200C, 0x200D, 0x30FB, 0xFF65}

# NameAliases.txt, ASCII: controls and abbreviations. NUL's are left out (0 means unknown).
ALIASES = """
1 START OF HEADING,SOH|2 START OF TEXT,STX|3 END OF TEXT,ETX|4 END OF TRANSMISSION,EOT
5 ENQUIRY,ENQ|6 ACKNOWLEDGE,ACK|7 ALERT,BEL|8 BACKSPACE,BS
9 CHARACTER TABULATION,HORIZONTAL TABULATION,HT,TAB
10 LINE FEED,NEW LINE,END OF LINE,LF,NL,EOL|11 LINE TABULATION,VERTICAL TABULATION,VT
12 FORM FEED,FF|13 CARRIAGE RETURN,CR|14 SHIFT OUT,LOCKING-SHIFT ONE,SO
15 SHIFT IN,LOCKING-SHIFT ZERO,SI|16 DATA LINK ESCAPE,DLE|17 DEVICE CONTROL ONE,DC1
18 DEVICE CONTROL TWO,DC2|19 DEVICE CONTROL THREE,DC3|20 DEVICE CONTROL FOUR,DC4
21 NEGATIVE ACKNOWLEDGE,NAK|22 SYNCHRONOUS IDLE,SYN|23 END OF TRANSMISSION BLOCK,ETB
24 CANCEL,CAN|25 END OF MEDIUM,EOM|26 SUBSTITUTE,SUB|27 ESCAPE,ESC
28 INFORMATION SEPARATOR FOUR,FILE SEPARATOR,FS|29 INFORMATION SEPARATOR THREE,GROUP SEPARATOR,GS
30 INFORMATION SEPARATOR TWO,RECORD SEPARATOR,RS|31 INFORMATION SEPARATOR ONE,UNIT SEPARATOR,US
32 SP|127 DELETE,DEL
"""


def kind(c):
    """0 no part of an identifier, 1 not its first, 2 anywhere."""
    ch = chr(c)
    if c in SURROGATES:
        return 0
    if u.category(ch) == "Cn" or ch.isidentifier():
        return 2
    return int(("a" + ch).isidentifier() or c in LATER_CONTINUE)


def runs(values):
    """(first, value) wherever the value changes."""
    last = 0
    for c, v in values:
        if v != last:
            yield c, v
        last = v


def decompositions():
    for c in SPACE:
        if c not in SYLLABLES and kind(c):
            to = LATER.get(c) or u.normalize("NFKD", chr(c))
            if to != chr(c):
                yield c, to


def pairs():
    for c in SPACE:
        parts = u.decomposition(chr(c)).split()
        if len(parts) == 2 and parts[0][0] != "<" and u.normalize("NFC", chr(c)) == chr(c):
            yield int(parts[0], 16), int(parts[1], 16), c


def names():
    for c in range(0x20, 0x7F):
        yield u.name(chr(c)), c
    for entry in ALIASES.replace("\n", "|").strip("|").split("|"):
        code, _, words = entry.partition(" ")
        for word in words.split(","):
            assert ord(u.lookup(word)) == int(code), word
            yield word, int(code)


def array(macro, items, per_line):
    items = list(items)
    body = [",".join(items[i:i + per_line]) for i in range(0, len(items), per_line)]
    return f"#ifdef {macro}\n" + ",\n".join(body) + f",\n#undef {macro}\n#endif\n"


def text():
    dec, at, pool = list(decompositions()), [], []
    for c, to in dec:
        at.append(len(pool))
        pool += map(ord, to)
    at.append(len(pool))
    pair = sorted(pairs())
    seconds = sorted({b for _, b, _ in pair if u.combining(chr(b)) == 0})
    head = (f"/* Made by tools/unicode/make.py with Unicode {u.unidata_version} of CPython; do not edit. */\n"
            "/* clang-format off */\n")
    return head + "".join((
        array("ID_RUNS", (f"R({c:#x},{k})" for c, k in runs((c, kind(c)) for c in SPACE)), 10),
        array("CLASS_RUNS", (f"R({c:#x},{k})" for c, k in
                             runs((c, u.combining(chr(c))) for c in SPACE)), 10),
        array("DECOMPOSED", (f"{c:#x}" for c, _ in dec), 14),
        array("DECOMPOSED_AT", map(str, at), 18),
        array("DECOMPOSED_TO", (f"{c:#x}" for c in pool), 14),
        array("PAIRS", (f"P({a:#x},{b:#x},{c:#x})" for a, b, c in pair), 5),
        array("SECONDS", (f"{c:#x}" for c in seconds), 14),
        array("NAMES", (f'N("{n}",{c})' for n, c in names()), 4)))


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if f"Unicode {u.unidata_version} of" not in OUT.read_text()[:200]:
            print(f"1..0 # skip this CPython has Unicode {u.unidata_version}")
        else:
            print("ok 1 - unicode_data.def is what CPython says" if OUT.read_text() == text()
                  else "not ok 1 - unicode_data.def is what CPython says")
    else:
        OUT.write_text(text())
