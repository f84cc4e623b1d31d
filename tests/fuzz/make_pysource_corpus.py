#!/usr/bin/env python3
"""Makes tests/fuzz/corpus/pysource: a small source for each text encoding of CPython, and bad ones."""

import codecs
import encodings.aliases
import pathlib

OUT = pathlib.Path(__file__).resolve().parent / "corpus" / "pysource"
TEXT = "x = 'é Ж Ω א ع ก 日本語ソ表 中文功 한글 ｶ ¥ €'\n"

CASES = {
    "y_empty": b"",
    "y_bom": b"\xef\xbb\xbfx = 1\n",
    "y_bom_cookie": b"\xef\xbb\xbf# coding: utf-8\nx = '\xc3\xa9'\n",
    "y_cr": b"# coding: latin-1\rx = '\xe9'\ry = 2",
    "y_comment_not_utf8": b"# caf\xe9\nx = 1\n",
    "y_second_line": b"#!/usr/bin/env python3\n# vim: set fileencoding=cp1251 :\nx = '\xe6'\n",
    "y_escape_newline": b"# coding: unicode_escape\n#\\x0aimport os\n",
    "y_utf7_name": b"# coding: utf-7\n+AGUAdgBhAGw-(1)\n",
    "y_sjis_backslash": b"# coding: shift_jis\nx = '\x83\x5c'\n",
    "y_euc_kr_made_up": b"# coding: euc_kr\nx = '\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xd4'\n",
    "y_iso2022_jp_2_g2": b"# coding: iso2022_jp_2\nx = '\x1b.A\x1bNi\x1b.F\x1bNa'\n",
    "y_iso2022_revision": b"# coding: iso2022_jp\nx = '\x1b&@\x1b$B0!\x1b(B'\n",
    "y_ebcdic": b"# coding: cp037\n\x25" + "x = 1\n".encode("cp037"),
    "y_identifiers": "ｅｖａｌ = ﬁle = e\u0301 = 각 = 1\n".encode(),
    "n_unknown": b"# coding: xyz\n",
    "n_rot13": b"# coding: rot13\nvzcbeg bf\n",
    "n_bom_latin": b"\xef\xbb\xbf# coding: latin-1\n",
    "n_nul": b"x = 1\0\n",
    "n_utf16_bom": "x = 1\n".encode("utf-16"),
    "n_utf16_script": b"# coding: utf-16-be\n\0" + "\nx = 1\n".encode("utf-16-be"),
    "n_nul_by_codec": b"# coding: utf-7\n+AAA-\n",
    "n_surrogate": b"# coding: unicode_escape\n'\\ud800'\n",
    "n_two_readings": b"# coding: unicode_escape\n#\\x0d'''\nimport os\n#\\x0d'''\n",
    "n_cookie_line_code": b"# coding: unicode_escape \\nimport os\n",
    "n_half_a_character": b"# coding: gb18030\n'\x81\x30\x81",
    "n_undefined": b"# coding: undefined\n",
    "i_utf8_string": b"x = '\xe9'\n",
    "i_utf8_code": b"\xc0\xaf\xed\xa0\x80\xf5\n",
    "i_long_cookie": b"# coding: " + b"a" * 300 + b"\n",
    "i_many_cookies": b"#" + b"coding: " * 200 + b"\n",
    "i_marks": "a".encode() + "\u0301\u0316".encode() * 300,
}


def encodings_of_text():
    names = {*encodings.aliases.aliases.values(), "charmap", "koi8_u", "cp720", "cp737", "cp856", "cp874",
             "cp875", "cp1006", "mac_arabic", "mac_croatian", "mac_farsi", "mac_romanian", "palmos"}
    for name in sorted(names):
        try:
            if codecs.lookup(name)._is_text_encoding and name not in ("idna", "punycode", "undefined"):
                yield name
        except LookupError:
            pass


def encode(name, text):
    """What of the text the codec has."""
    out = ""
    for c in text:
        try:
            c.encode(name)
            out += c
        except UnicodeError:
            pass
    return out.encode(name)


def source(name):
    head = b"# coding: %s\n" % name.encode()
    if name.startswith(("utf_16", "utf_32")):
        return "n_" + name, head + encode(name, TEXT)  # has NULs
    newline = b"" if "#".encode(name) == b"#" else "\n".encode(name)
    return "y_" + name, head + newline + encode(name, TEXT)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for case, content in {**dict(map(source, encodings_of_text())), **CASES}.items():
        (OUT / case).write_bytes(content)
