#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/pyparse: y_* parse, n_* do not, i_* are deep or long."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "fuzz/corpus/pyparse"
N = 8000  # deeper than any CPython goes
REPEATED = {
    "lambda": ("lambda: ", "0"), "minus": ("-", "1"), "not": ("not ", "x"), "power": ("a**", "c"),
    "condition": ("a if b else ", "c"), "default": ("lambda x=", "0"), "paren": ("(", ""),
    "brackets": ("([{", ""), "fstring": ('f"{', ""), "format": ('f"{x:', ""),
    "elif": ("if x: pass\n", "elif x: pass\n" * 2000), "sum": ("x+", "1"), "call": ("x" + "()", ""),
    "attribute": ("x.", "x"), "strings": ('"a" ', ""), "compare": ("a<", "a"), "or": ("a or ", "b"),
    "decorators": ("@x\n", "def f(): pass"), "with": ("with (", ""), "match": ("match ", ""),
    "stars": ("*", ""), "walrus": ("(x:=", "1"), "semicolons": ("x;", ""), "assign": ("x=", "1"),
    "backslash": ("\\\n", "x"), "types": ("type X[", ""), "dots": ("from ." + "." * 3, " import x"),
    "comprehension": ("[x for x in ", ""), "awaits": ("await ", "x"), "braces": ("{x:", "1"),
}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    text = (ROOT / "oracle/python_new_grammar/cases.txt").read_text(encoding="utf-8")
    for i, part in enumerate(re.split(r"^=== ", text, flags=re.M)[1:]):
        head, source = part.split("\n", 1)
        kind = "y" if head.startswith("accept") else "n"
        (OUT / f"{kind}_{i:03}.py").write_text(source, encoding="utf-8")
    for name, (head, tail) in REPEATED.items():
        (OUT / f"i_{name}").write_text(head * N + tail)
    (OUT / "i_indents").write_text("".join(" " * i + "if x:\n" for i in range(150)))
    # the 201st bracket is one of an f-string: once read for ever
    (OUT / "i_brackets_full").write_text('f"{' * 100 + "(" * 56 + 'f"{' * 80)
    (OUT / "i_bytes").write_bytes(bytes(range(256)) * 4)
    (OUT / "i_not_utf8").write_bytes(b"x = '\xff\xfe' # \xc3\ny\xe9 = 1\n")
    (OUT / "i_newlines").write_bytes(b"a\rb\r\nc\n\x0cd\n'''\r\r\n'''\n'\\\r\n'\n\\\r\nx")
    (OUT / "i_nul").write_bytes(b"x = 1 # \0\n'\0'")
    (OUT / "i_eval").write_bytes(b"e \t f(x)\n\n")
    (OUT / "i_comments").write_bytes(b"# nosec\nf(x, # NoSec B101\n  y) # pratique: allow[X]\n#q\n")


main()
