#!/usr/bin/env python3
"""Writes the files of the corpus that an editor would spoil: encodings, line ends, zips.

They are guilty/odd_* and innocent/odd_*, committed beside the others; their rows in
cases.tsv are rewritten with them. All are harmless.

Usage: make_odd.py
"""
import base64
import io
import pathlib
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
CALL = b'os.system("echo pratique-fixture")'
PAYLOAD = b"import os; " + CALL


def cookie(name):
    return b"# -*- coding: " + name.encode() + b" -*-\n"


def swallowed(codec, character):
    """In `codec` the character ends in 0x5C: to another reader a backslash before the quote."""
    encoded = character.encode(codec)
    assert encoded.endswith(b"\\"), (codec, encoded)
    return cookie(codec) + b'x = "' + encoded + b'"; ' + PAYLOAD + b' #"\n'




def tree(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in members.items():
            z.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def utf7(text):
    """Every character shifted, also those that UTF-7 leaves alone."""
    return b"+" + base64.b64encode(text.encode("utf-16-be")).rstrip(b"=") + b"-"


def encodings():
    """name, rules, lines, needs, bytes"""
    yield "utf7_name.py", "UPL001", "3", "-", cookie("utf-7") + b"import os\n" + utf7("os.system") + b'("echo pratique-fixture")\n'
    yield "utf7_newline_in_comment.py", "UPL001", "2,3", "-", cookie("utf-7") + b"# harmless " + utf7("\n") + PAYLOAD + b"\n"
    yield "utf7_quote.py", "UPL001", "2", "-", cookie("utf_7") + b'x = "' + utf7('"; import os; os.system("echo pratique-fixture") #') + b'"\n'
    yield "utf7_vim.py", "UPL002", "3", "-", b"#!/usr/bin/python\n# vim: set fileencoding=utf-7 :\n" + utf7("exec") + b"(\"print('pratique-fixture')\")\n"
    yield "utf7_docstring_end.py", "UPL001", "4", "-", cookie("utf-7") + b'"""A docstring.\n\n' + utf7('"""') + b"; " + PAYLOAD + b'; """"""\n'
    for codec, character in (("shift_jis", "表"), ("cp932", "ソ"), ("gbk", "乗"), ("big5", "功"),
                             ("shift_jisx0213", "能"), ("shift_jis_2004", "十"), ("gb18030", "乗"),
                             ("cp950", "功"), ("big5hkscs", "功"), ("johab", "")):
        if character:
            yield "swallow_%s.py" % codec, "UPL001", "2", "-", swallowed(codec, character)
    yield "iso2022_quote.py", "UPL001", "2", "-", cookie("iso2022_jp") + b'x = "\x1b$B!"\x1b(B"; ' + PAYLOAD + b' #"\n'
    yield "iso2022_hash.py", "UPL001", "2", "-", cookie("iso2022_jp") + b'x = "\x1b$B!#\x1b(B"; ' + PAYLOAD + b"\n"
    yield "hz_braces.py", "UPL001", "2", "-", cookie("hz") + b'x = "~{<:~}"; ' + PAYLOAD + b"\n"
    yield "unicode_escape_newline.py", "UPL001", "2,3", "-", cookie("unicode_escape") + b"# harmless \\x0a" + PAYLOAD + b"\n"
    yield "unicode_escape_name.py", "UPL002", "2", "-", cookie("unicode-escape") + b"\\x65\\u0076al(\"6*7\")\n"
    yield "raw_unicode_escape.py", "UPL002", "2", "-", cookie("raw_unicode_escape") + b"\\u0065val(\"6*7\")\n"
    yield "raw_unicode_newline.py", "UPL001", "2,3", "-", cookie("raw_unicode_escape") + b"# x \\u000a" + PAYLOAD + b"\n"
    yield "bom.py", "UPL001", "1", "-", b"\xef\xbb\xbf" + PAYLOAD + b"\n"
    yield "bom_cookie.py", "UPL001", "2", "-", b"\xef\xbb\xbf" + cookie("utf-8") + PAYLOAD + b"\n"
    yield "utf8_sig.py", "UPL001", "2", "-", cookie("utf-8-sig") + PAYLOAD + b"\n"
    yield "latin1.py", "UPL001", "3", "-", cookie("latin-1") + "é = 1\n".encode("latin-1") + PAYLOAD + b"\n"
    yield "latin1_nbsp_string.py", "UPL001", "2", "-", cookie("iso-8859-15") + b'x = "\xa4\xa0\xff"; ' + PAYLOAD + b"\n"
    yield "cp1252.py", "UPL002", "2", "-", b"# coding=cp1252\nx = '\x93\x94'; eval('6*7')\n"
    yield "koi8.py", "UPL001", "3", "-", cookie("koi8-r") + "# привет\n".encode("koi8-r") + PAYLOAD + b"\n"
    yield "mac_roman.py", "UPL001", "2", "-", cookie("mac-roman") + b"x = '\x80\xff'; " + PAYLOAD + b"\n"
    yield "cp437.py", "UPL001", "2", "-", cookie("cp437") + b"x = '\xff\x81'; " + PAYLOAD + b"\n"
    yield "euc_jp.py", "UPL001", "2", "-", cookie("euc-jp") + 'x = "表"; '.encode("euc-jp") + PAYLOAD + b"\n"
    yield "euc_kr.py", "UPL001", "2", "-", cookie("euc_kr") + 'x = "한글"; '.encode("euc-kr") + PAYLOAD + b"\n"
    yield "tis620.py", "UPL001", "2", "-", cookie("tis-620") + b'x = "\xa1\xa2"; ' + PAYLOAD + b"\n"
    yield "ascii_cookie.py", "UPL001", "2", "-", cookie("us-ascii") + PAYLOAD + b"\n"
    yield "cookie_upper.py", "UPL001", "2", "-", b"#CODING:LATIN_1\n" + PAYLOAD + b"\n"
    yield "cookie_after_form_feed.py", "UPL001", "2", "-", b" \t\x0c# coding: shift_jis\nx = \"\x95\\\"; " + PAYLOAD + b' #"\n'
    yield "unknown_cookie.py", "PYS002,PYS001", "-", "broken", cookie("pratique-9") + PAYLOAD + b"\n"
    yield "invalid_utf8.py", "PYS002,PYS001", "-", "broken", b"x = '\xff\xfe\x80'\n" + PAYLOAD + b"\n"
    yield "truncated_utf8.py", "UPL001,PYS002,PYS001", "-", "-", PAYLOAD + b"\n# \xe6\x97"
    yield "overlong_utf8.py", "UPL001,PYS002,PYS001", "-", "-", PAYLOAD + b"\n# \xc0\xaf\n"
    yield "surrogate_utf8.py", "UPL001,PYS002,PYS001", "-", "-", PAYLOAD + b"\n# \xed\xa0\x80\n"
    yield "bom_latin1_cookie.py", "PYS002,PYS001", "-", "broken", b"\xef\xbb\xbf" + cookie("latin-1") + PAYLOAD + b"\n"
    yield "ascii_cookie_high.py", "PYS002,PYS001", "-", "broken", cookie("ascii") + b"# \xe9\n" + PAYLOAD + b"\n"
    yield "utf16_le.py", "PYS002,PYS001", "-", "broken", b"\xff\xfe" + PAYLOAD.decode().encode("utf-16-le") + b"\n\0"
    yield "utf16_be.py", "PYS002,PYS001", "-", "broken", b"\xfe\xff" + PAYLOAD.decode().encode("utf-16-be")
    yield "truncated_sjis.py", "PYS002,PYS001", "-", "broken", cookie("shift_jis") + PAYLOAD + b"\n# \x95"
    yield "rot13_cookie.py", "PYS002,PYS001", "-", "broken", cookie("rot13") + b"vzcbeg bf; bf.flfgrz('rpub')\n"
    yield "nul.py", "PYS001,PYS002", "-", "broken", b"x = 1\0\n" + PAYLOAD + b"\n"
    yield "nul_in_comment.py", "PYS001,PYS002", "-", "broken", b"# \0\n" + PAYLOAD + b"\n"


def layouts():
    yield "cr.py", "UPL001", "2", "-", b"import os\r" + CALL + b"\r"
    yield "cr_after_comment.py", "UPL001", "1,2", "-", b"# a harmless comment\r" + PAYLOAD + b"\n"
    yield "crlf.py", "UPL001", "2", "-", b"import os\r\n" + CALL + b"\r\n"
    yield "mixed_ends.py", "UPL001", "4", "-", b"import os\rx = 1\r\ny = 2\n" + CALL
    yield "cr_in_string.py", "UPL001", "3", "-", b'x = """a\rb"""\n' + PAYLOAD + b"\r"
    yield "continuation_cr.py", "UPL001", "1,2", "-", b"import os; os.\\\r" + b'system("echo pratique-fixture")\r'
    yield "form_feed.py", "UPL001", "3", "-", b"import os\n\x0c\n\x0c" + CALL + b"\n"
    yield "form_feed_indent.py", "UPL001", "3", "-", b"import os\nif 1:\n  \x0c  " + CALL + b"\n"
    yield "form_feed_between.py", "UPL001", "1", "-", b"import os;\x0c os\x0c.\x0csystem\x0c(\x0c'echo pratique-fixture')\n"
    yield "no_newline.py", "UPL001", "1", "-", PAYLOAD
    yield "no_newline_indent.py", "UPL001", "3", "-", b"import os\nif 1:\n\t" + CALL
    yield "trailing_backslash_eof.py", "PYS001", "-", "broken", PAYLOAD + b"\n\\"
    yield "decomposed_name.py", "UPL001", "3", "-", "import os\ne\u0301 = os\n\u00e9.system('echo pratique-fixture')\n".encode()
    yield "line_separator.py", "UPL001", "1", "-", "x = '\u2028\u0085'; ".encode() + PAYLOAD + b"\n"
    yield "bidi.py", "UPL001", "2", "-", "x = 'user\u202e \u2066# admin\u2069 \u2066'\n".encode() + PAYLOAD + b"\n"
    yield "zero_width_string.py", "UPL001", "2", "-", "import os\ngetattr(os, 's\u200bystem'.replace('\u200b', ''))('echo pratique-fixture')\n".encode()
    yield "far_down.py", "UPL001", "3001", "-", b"#\n" * 3000 + PAYLOAD + b"\n"
    yield "long_line.py", "UPL001", "2", "-", b"import os\nx = [" + b"1, " * 20000 + b"]; " + CALL + b"\n"
    yield "long_comment.py", "UPL001", "2", "-", b"# " + b"x" * 100000 + b"\n" + PAYLOAD + b"\n"
    yield "tab_stop.py", "UPL001", "4", "-", b"import os\nif 1:\n        x = 1\n        " + CALL + b"\n"
    yield "ctrl_z.py", "PYS001", "-", "broken", b"x = 1\n\x1a\n" + PAYLOAD + b"\n"
    nested = PAYLOAD
    for _ in range(3):
        nested = b"import base64, zlib; exec(zlib.decompress(base64.b64decode(%r)))" % base64.b64encode(zlib.compress(nested))
    yield "packed_three_times.py", "UPL002,UPL001", "1", "-", nested + b"\n"
    yield "exec_hex.py", "UPL002,UPL001", "1", "-", b"exec(bytes.fromhex('%s'))\n" % PAYLOAD.hex().encode()
    yield "exec_rot13.py", "UPL002,UPL001", "2", "-", b"import codecs\nexec(codecs.decode(%r, 'rot13'))\n" % "vzcbeg bf; bf.flfgrz('rpub cengvdhr-svkgher')"
    yield "exec_chr_list.py", "UPL002,UPL001", "1", "-", b"exec(''.join(map(chr, %s)))\n" % str(list(PAYLOAD)).encode()
    yield "exec_reversed.py", "UPL002,UPL001", "1", "-", b"exec(%r[::-1])\n" % PAYLOAD.decode()[::-1]
    yield "exec_xor.py", "UPL002,UPL001", "1", "-", b"exec(bytes(x ^ 7 for x in %r))\n" % bytes(x ^ 7 for x in PAYLOAD)


SYSTEM = 'system("echo pratique-fixture")\n'


def zips():
    """Modules of one artifact see each other."""
    go = "a.go()\n"
    cases = {
        "reexport_module": ({"a.py": "import os as o\n", "__main__.py": "from a import o\no." + SYSTEM}, "__main__.py:2"),
        "reexport_package": ({"p/__init__.py": "", "p/a.py": "import os as o\n", "p/b.py": "from .a import o\no." + SYSTEM, "__main__.py": "import p.b\n"}, "p/b.py:2"),
        "reexport_function": ({"p/__init__.py": "", "p/a.py": "from os import system as run\n", "__main__.py": "from p.a import run\nrun('echo pratique-fixture')\n"}, "p/a.py:1,__main__.py:2"),
        "reexport_init": ({"p/__init__.py": "from .tools import shell\n", "p/tools.py": "import os\nshell = os.system\n", "__main__.py": "import p\np.shell('echo pratique-fixture')\n"}, "p/tools.py:2,__main__.py:2"),
        "reexport_star": ({"a.py": "from os import *\n", "__main__.py": "from a import *\n" + SYSTEM}, "a.py:1,__main__.py:2"),
        "reexport_star_all": ({"a.py": "import os as _o\n__all__ = ['_o']\n", "__main__.py": "from a import *\n_o." + SYSTEM}, "__main__.py:2"),
        "three_hops": ({"a.py": "import os\n", "b.py": "from a import os as x\n", "c.py": "import b\ny = b.x\n", "__main__.py": "from c import y\ny." + SYSTEM}, "__main__.py:2"),
        "import_in_module": ({"a.py": "import subprocess\n", "__main__.py": "import a\na.subprocess.run(['echo', 'pratique-fixture'])\n"}, "__main__.py:2"),
        "parent_relative": ({"p/__init__.py": "import os\n", "p/q/__init__.py": "", "p/q/r.py": "from .. import os\nos." + SYSTEM, "__main__.py": "import p.q.r\n"}, "p/q/r.py:2"),
        "module_function_returns": ({"a.py": "import os\ndef tool():\n    return os\n", "__main__.py": "import a\na.tool()." + SYSTEM}, "__main__.py:2"),
        "class_in_module": ({"a.py": "import os\nclass T:\n    run = os.system\n", "__main__.py": "from a import T\nT.run('echo pratique-fixture')\n"}, "a.py:3,__main__.py:2"),
        "parameter_across": ({"a.py": "def run(f, x):\n    return f(x)\n", "__main__.py": "import a, os\na.run(os.system, 'echo pratique-fixture')\n"}, "__main__.py:2"),
        "module_parameter_across": ({"a.py": "def run(m):\n    m." + SYSTEM, "__main__.py": "import a, os\na.run(os)\n"}, "a.py:2,__main__.py:2"),
        "decoy_of_own_name": ({"x/__init__.py": "", "x/os.py": "", "__main__.py": "from optparse import os\nos.system('echo pratique-fixture')\n"}, "__main__.py:2"),
        "constant_across": ({"a.py": "NAME = 'sys' + 'tem'\n", "__main__.py": "import os\nfrom a import NAME\ngetattr(os, NAME)('echo pratique-fixture')\n"}, "__main__.py:3"),
        "code_constant_across": ({"a.py": "CODE = \"print('pratique-fixture')\"\n", "__main__.py": "from a import CODE as c\nexec(c)\n"}, "__main__.py:2"),
        "path_across": ({"a.py": "WHERE = '/nonexistent/pratique-fixture'\n", "__main__.py": "import a\ntry:\n    open(a.WHERE)\nexcept OSError:\n    pass\n"}, "__main__.py:3"),
        "builtins_set_in_other": ({"a.py": "import builtins, os\nbuiltins.go = os.system\n", "__main__.py": "import a\ngo('echo pratique-fixture')\n"}, "a.py:2,__main__.py:2"),
        "attribute_set_in_other": ({"a.py": "tool = None\n", "b.py": "import a, os\na.tool = os\n", "__main__.py": "import a, b\na.tool." + SYSTEM}, "b.py:2,__main__.py:2"),
        "try_local_then_os": ({"a.py": "try:\n    from nonexistent_pratique import system\nexcept ImportError:\n    from os import system\n", "__main__.py": "from a import system\n" + SYSTEM}, "a.py:4,__main__.py:2"),
        "fake_os_beside": ({"p/__init__.py": "", "p/os.py": "def system(c): pass\n", "p/b.py": "import os\nos." + SYSTEM, "__main__.py": "import p.b\n"}, "p/b.py:2"),
        "lazy_getattr": ({"a.py": "import os\ndef __getattr__(name):\n    return getattr(os, name)\n", "__main__.py": "from a import system\n" + SYSTEM}, "a.py:3,__main__.py:1,__main__.py:2"),
        "cycle": ({"a.py": "import os\nimport b\n", "b.py": "import a\ndef go():\n    a.os." + SYSTEM, "__main__.py": "import a, b\nb.go()\n"}, "b.py:3"),
        "importlib_own": ({"a.py": "import os\n", "__main__.py": "import importlib\nimportlib.import_module('a').os." + SYSTEM}, "__main__.py:2"),
        "sys_modules_own": ({"a.py": "import os\n", "__main__.py": "import sys, a\nsys.modules['a'].os." + SYSTEM}, "__main__.py:2"),
        "inherit_across": ({"a.py": "import os\nclass Base:\n    tool = os\n", "__main__.py": "from a import Base\nclass C(Base): pass\nC.tool." + SYSTEM}, "__main__.py:3"),
        "namespace_package": ({"p/": "", "p/q/": "", "p/q/a.py": "import os as o\n", "__main__.py": "from p.q.a import o as z\nz." + SYSTEM}, "__main__.py:2"),
        "dunder_main": ({"__main__.py": PAYLOAD.decode() + "\n"}, "__main__.py:1"),
        "deep_folder": ({**{"a/b/c/d/e/f/"[:2 * n]: "" for n in range(1, 7)}, "a/b/c/d/e/f/g.py": PAYLOAD.decode() + "\n", "__main__.py": "import a.b.c.d.e.f.g\n"}, "a/b/c/d/e/f/g.py:1"),
        "import_as_chain": ({"p/__init__.py": "", "p/a.py": "import os\n", "__main__.py": "import p.a as k\nf = k.os.popen\nf('echo pratique-fixture').close()\n"}, "__main__.py:2,__main__.py:3"),
        "dict_across": ({"a.py": "import os\nTABLE = {'run': os.system}\n", "__main__.py": "from a import TABLE\nTABLE['run']('echo pratique-fixture')\n"}, "a.py:2,__main__.py:2"),
    }
    for name, (members, lines) in cases.items():
        rules = {"code_constant_across": "UPL002", "constant_across": "UPL001,UPL008", "path_across": "UPL004", "lazy_getattr": "UPL001,UPL008"}
        yield "zip_%s.zip" % name, rules.get(name, "UPL001"), lines, "-", tree(members)


def innocent():
    """name, bytes"""
    yield "latin1.py", cookie("latin-1") + 'x = "façade: eval(1)"\né = x\n'.encode("latin-1")
    yield "cp1252.py", cookie("cp1252") + b'x = "\x93os.system\x94"\n'
    yield "koi8.py", cookie("koi8-r") + "# привет eval\nx = 'да'\n".encode("koi8-r")
    yield "sjis_string.py", cookie("shift_jis") + 'x = "表示"; y = \'ソ os.system("x")\'\n'.encode("shift_jis")
    yield "sjis_comment.py", cookie("cp932") + "# 表 exec(1)\nx = 1  # ソ\n".encode("cp932")
    yield "gbk.py", cookie("gbk") + 'x = "乗客 eval(1)"\n'.encode("gbk")
    yield "big5.py", cookie("big5") + 'x = "成功"; y = "os.system(1)"\n'.encode("big5")
    yield "euc_jp.py", cookie("euc-jp") + 'x = "日本語 __import__"\n'.encode("euc-jp")
    yield "euc_kr.py", cookie("euc-kr") + "# 한글\nx = 1\n".encode("euc-kr")
    yield "utf7.py", cookie("utf-7") + b'x = "1 +- 1"\ny = "' + utf7("os.system(1)") + b'"\n'
    yield "utf7_comment.py", cookie("utf-7") + b"# " + utf7("eval(1)") + b"\nx = 1\n"
    yield "iso2022.py", cookie("iso2022_jp") + 'x = "日本"\n'.encode("iso2022_jp")
    yield "bom.py", b"\xef\xbb\xbfx = 'eval'\n"
    yield "bom_crlf.py", b"\xef\xbb\xbf# coding: utf-8\r\nx = 1\r\n"
    yield "cr.py", b"# eval(1)\rx = 1\ry = 'os.system'\r"
    yield "crlf_docstring.py", b'"""os.system("x")\r\neval(1)\r\n"""\r\nx = 1\r\n'
    yield "form_feed.py", b"x = 1\n\x0c\n\x0cdef f():\n    return x\n\x0c\n"
    yield "no_newline.py", b"x = 'exec'"
    yield "empty.py", b""
    yield "only_comment.py", b"# exec('x')"
    yield "bidi_string.py", "x = 'abc \u202e eval(1) \u202c'\n".encode()
    yield "unicode_escape.py", cookie("unicode_escape") + b"x = 1\n"
    yield "mac_roman.py", cookie("mac-roman") + b"x = '\x80\xff eval'\n"
    yield "long_line.py", b"x = [" + b"0.5, " * 20000 + b"]\n"
    yield "many_lines.py", b"".join(b"x%d = %d\n" % (i, i) for i in range(3000))
    yield "zip_own_os.zip", tree({"p/__init__.py": "", "p/os.py": "def system(c):\n    return c\n", "p/b.py": "from .os import system\nsystem('x')\nfrom . import os\nos.system('y')\n"})
    yield "zip_own_subprocess.zip", tree({"p/__init__.py": "from . import subprocess\n", "p/subprocess.py": "def run(x):\n    return x\n", "p/c.py": "from p.subprocess import run\nrun(['x'])\n"})
    yield "zip_own_socket.zip", tree({"shop/__init__.py": "", "shop/socket.py": "class Lamp:\n    def connect(self): return 1\n", "shop/m.py": "from .socket import Lamp\nLamp().connect()\n"})
    yield "zip_shadowed_open.zip", tree({"a.py": "def open(p):\n    return p\n", "b.py": "from a import open\nopen('/nonexistent/pratique-fixture')\n"})
    yield "zip_star_own.zip", tree({"a.py": "def eval(x):\n    return x\n__all__ = ['eval']\n", "b.py": "from a import *\neval('6*7')\n"})
    yield "zip_package.zip", tree({"app/__init__.py": "from .core import run\n", "app/core.py": "import json\nfrom pathlib import Path\n\n\ndef run(p):\n    return json.loads(Path(p).read_text())\n", "app/data.json": "{\"eval\": 1}\n", "README.md": "Call `run('x.json')`; ../ is fine in text.\n"})
    yield "zip_tests.zip", tree({"tests/test_a.py": "def test_a():\n    assert 'os.system' in 'os.system(1)'\n", "tests/conftest.py": "def pytest_configure(config): ...\n"})
    yield "zip_data_only.zip", tree({"a.csv": "a,b\n1,2\n", "b.txt": "no code\n", "c/d.json": "{}\n"})


def main():
    rows = []
    for name, rules, lines, needs, data in (*encodings(), *layouts(), *zips()):
        (HERE / "guilty" / ("odd_" + name)).write_bytes(data)
        rows.append(("guilty/odd_" + name, "upload", rules, lines, needs))
    for name, data in innocent():
        (HERE / "innocent" / ("odd_" + name)).write_bytes(data)
        rows.append(("innocent/odd_" + name, "upload", "-", "-", "-"))
    table = HERE / "cases.tsv"
    kept = [x for x in table.read_text(encoding="utf-8").splitlines() if "/odd_" not in x]
    table.write_text("\n".join(kept + ["\t".join(r) for r in rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
