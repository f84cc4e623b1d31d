#!/usr/bin/env python3
"""Writes src/trust/admit/names_fold.def: what is left of a code point when neither case nor the form of
letters counts (Unicode 3.13, D146, compatibility caseless matching), from the running CPython.

Usage: fold.py [--check]    --check compares with the committed file instead of writing it.
"""

import pathlib
import sys
import unicodedata as u

OUT = pathlib.Path(__file__).resolve().parents[2] / "src/trust/admit/names_fold.def"
SYLLABLES = range(0xAC00, 0xD7A4)  # of Hangul, which are computed
SURROGATES = range(0xD800, 0xE000)
SELECTORS = range(0xFE00, 0xFE10)  # of glyphs: nothing is left of them


def folded(c):
    if ord(c) in SELECTORS:
        return ""
    return u.normalize("NFKD", u.normalize("NFKD", u.normalize("NFD", c).casefold()).casefold())


def lines(items, a_line=8):
    return "".join(
        "    " + " ".join(items[i : i + a_line]) + "\n" for i in range(0, len(items), a_line)
    )


def tables():
    heads, at, to, classes = [], [0], [], []
    for n in range(0x80, 0x110000):
        if n in SYLLABLES or n in SURROGATES:
            continue
        c = chr(n)
        f = folded(c)
        if f != c:
            heads.append("0x%X," % n)
            to += [ord(x) for x in f]
            at.append(len(to))
        if u.combining(c):
            if classes and classes[-1][1] + 1 == n and classes[-1][2] == u.combining(c):
                classes[-1][1] = n
            else:
                classes.append([n, n, u.combining(c)])
    return heads, at, to, classes


def text():
    heads, at, to, classes = tables()
    return (
        "/* Written by tools/unicode/fold.py from Unicode %s: do not edit. */\n" % u.unidata_version
        + "#ifdef FOLDED\n" + lines(heads) + "#undef FOLDED\n#endif\n"
        + "#ifdef FOLDED_AT\n" + lines(["%d," % i for i in at]) + "#undef FOLDED_AT\n#endif\n"
        + "#ifdef FOLDED_TO\n" + lines(["0x%X," % i for i in to]) + "#undef FOLDED_TO\n#endif\n"
        + "#ifdef CLASSES\n"
        + lines(["{ 0x%X, 0x%X, %d }," % tuple(c) for c in classes], 3)
        + "#undef CLASSES\n#endif\n"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if f"Unicode {u.unidata_version}:" not in OUT.read_text()[:200]:
            print(f"1..0 # skip this CPython has Unicode {u.unidata_version}")
        else:
            print("ok 1 - names_fold.def is what CPython says" if OUT.read_text() == text()
                  else "not ok 1 - names_fold.def is what CPython says")
    else:
        OUT.write_text(text())
