"""CPython's codecs, tokenizer and unicodedata, against our decoding of Python sources.

For every text encoding: each byte, every pair of bytes, every three-byte code behind 0x8F, all
four-byte codes of GB 18030, random bytes, escapes and real text give the same text or are
refused by both. Cookies of every shape mean the same. Identifiers and NFKC agree for all code
points that this CPython's Unicode assigns. The committed tables are what the scripts write.

Usage: pysource_oracle.py    PRATIQUE_PYSOURCE names the tool (built when it is not set).
"""
import ast
import codecs
import encodings.aliases
import glob
import io
import itertools
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import tokenize
import unicodedata
import warnings

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
SOURCES = int(os.environ.get("PRATIQUE_PYSOURCE_CASES", 8000))  # of 24,000
TOOL = os.environ.get("PRATIQUE_PYSOURCE")
tests = 0

# Where CPython takes more than we do, or reads what we replace; see codec_text.c.
LENIENT = {"idna", "punycode"}
# In words, so that no codec lacks a piece of real text in its script.
TEXTS = ["print('hello, world')", "Größe: 12,5 % für naïve façade, œuvre, Ærø, señor – „ja“ €",
         "Příliš žluťoučký kůň úpěl ďábelské ódy", "Съешь же ещё этих мягких булок",
         "Ξεσκεπάζω την ψυχοφθόρα", "שלום עולם", "مرحبا بالعالم", "สวัสดีชาวโลก", "日本語のテキスト、表示ソ能十",
         "ｶﾀｶﾅ ﾊﾝｶｸ", "中文文本測試許功蓋", "简体中文，编码测试", "한국어 텍스트 똠방각하", "ą ę ł ż ź ć ń ó ś",
         "ışığı İstanbul ğüşöç", "Қазақ әліпбиі", "Ўзбек, тоҷикӣ ҷ ӯ қ", "¥‾ \\ ~", "𠀋𡈽𪚲", "か゚き゚ㇷ゚",
         "Ê̄ê̌"]


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - python source oracle: {name}"
          f"{note and ' # ' + note}", flush=True)


def build():
    subprocess.run([os.environ.get("MAKE", "make"), "--no-print-directory", "-s", "VARIANT=asan",
                    "pysource"], cwd=ROOT, check=True)
    return os.path.join(ROOT, "build/asan/pysource")


class Tool:
    def __init__(self, path):
        self.child = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, what, data):
        self.child.stdin.write(struct.pack("<I", len(data) + 1) + what + data)
        self.child.stdin.flush()
        n = struct.unpack("<I", self.child.stdout.read(4))[0]
        return self.child.stdout.read(n)

    def decode(self, name, strings):
        """For each string its text as UTF-8, or None when it was refused."""
        answer = self.ask(b"c", name.encode() + b"\0"
                          + b"".join(struct.pack("<I", len(s)) + s for s in strings))
        at, out = 0, []
        for _ in strings:
            n = struct.unpack_from("<I", answer, at + 1)[0]
            out.append(answer[at + 5:at + 5 + n] if answer[at:at + 1] == b"+" else None)
            at += 5 + n
        return out

    def knows(self, name):
        return self.ask(b"c", name.encode() + b"\0") != b"?"

    def source(self, data):
        """(encoding or reason, text); encoding is None when it was refused."""
        answer = self.ask(b"s", data)
        head, _, text = answer[1:].partition(b"\0")
        return answer[:1] == b"+", head.decode(), text


def theirs(name, data):
    try:
        return data.decode(name).encode()
    except (UnicodeError, OverflowError):
        return None


def text_encodings():
    for module in sorted({*encodings.aliases.aliases.values(), "charmap", "koi8_u", "cp720",
                          "cp737", "cp856", "cp874", "cp875", "cp1006", "mac_arabic", "mac_croatian",
                          "mac_farsi", "mac_romanian", "palmos", "punycode", "idna", "utf_8_sig",
                          "raw_unicode_escape", "unicode_escape", "undefined"}):
        try:
            if codecs.lookup(module)._is_text_encoding:
                yield module
        except LookupError:
            pass


# ---- codecs

def random_bytes(name, rng, count):
    for _ in range(count):
        n = rng.randrange(1, 24)
        yield bytes(rng.choice((rng.randrange(256), rng.randrange(0x80, 256), rng.randrange(0x20, 0x7F)))
                    for _ in range(n))


PARTS = {
    "iso": [b"\x1b", b"\x1b$", b"\x1b(", b"\x1b)", b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I",
            b"\x1b(B", b"\x1b$A", b"\x1b$(C", b"\x1b$)C", b"\x1b$(D", b"\x1b$(O", b"\x1b$(P",
            b"\x1b$(Q", b"\x1b.A", b"\x1b.F", b"\x1bN", b"\x1b&@\x1b$B", b"\x1b&@", b"\x0e",
            b"\x0f", b"\n", b"\r", b"\\", b"~", b"a", b"0", b"!!", b"0!", b"$\"", b"F|",
            b"\x21\x40", b"\x1b*A", b"\x1b[1m", b"\x80", b"T"],
    "hz": [b"~{", b"~}", b"~~", b"~\n", b"~", b"0!", b"VP", b"a", b"\n", b"~x", b"\xb0", b"}"],
    "utf_7": [b"+", b"-", b"+-", b"+AGE-", b"+AGEAYg", b"A", b"AGE", b"2AA", b"+2D3eAA-", b"3AA",
              b"/", b"+AAo", b"a", b" ", b"\n", b"\xe9", b"+//8-", b"+AAA", b"="],
    "escape": [b"\\", b"\\x", b"\\x41", b"\\u0041", b"\\u", b"\\U0001F600", b"\\U00110000",
               b"\\ud83d", b"\\n", b"\\\n", b"\\'", b"\\q", b"\\7", b"\\101", b"\\777", b"\\8",
               b"\\N{DIGIT ONE}", b"\\N{", b"\\N{nope!}", b"a", b"4", b"\xe9", b"\n", b"u",
               b"\\N{}", b"\\N", b"\\a\\v\\f\\b\\r\\t"],
    "utf_16": [b"a\0", b"\0a", b"\xff\xfe", b"\xfe\xff", b"\x3d\xd8", b"\0\xde", b"\xd8\x3d",
               b"\xde\0", b"x", b"\xff\xff"],
    "utf_32": [b"a\0\0\0", b"\0\0\0a", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\0\xf6\x01\0",
               b"\0\0\x11\0", b"x", b"\0\xd8\0\0", b"\0\x11\0\0"],
    "gb18030": [b"\x810\x810", b"\x84\x31\xa4\x39", b"\x900\x810", b"\xe3\x32\x9a\x35",
                b"\xe3\x32\x9a\x36", b"\xb0\xa1", b"\x81", b"0", b"\x85\x30\x81\x30", b"\x810",
                b"\xfe\x50", b"a"],
    "euc_kr": [b"\xa4\xd4", b"\xa4\xa1", b"\xa4\xbf", b"\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xd4",
               b"\xa4\xa3", b"\xb0\xa1", b"\xa4\xa9", b"\xa4", b"a"],
    "punycode": [b"a", b"b-", b"-", b"4gbrim", b"9", b"za", b"egbpdaj6bu4bxfgehfvwxn", b"\n"],
}


def parts_of(name):
    return next((p for k, p in PARTS.items() if k in name or k == "iso" and "2022" in name),
                [b"a", b"\\", b"\n", b"\x81", b"\x5c", b"\xa1", b"\xe0\x5c", b"\x8e", b"\x8f\xa1\xa1", b"\xff",
                 b"\xe3\x81\x82", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc0\xaf", b"\xef\xbb\xbf"])


def mixtures(name, rng, count):
    parts = parts_of(name)
    for _ in range(count):
        yield b"".join(rng.choice(parts) for _ in range(rng.randrange(1, 12)))


def encoded(name, character):
    try:
        return character.encode(name)
    except UnicodeError:
        return b""


def real_text(name):
    for text in TEXTS:
        try:
            yield text.encode(name)
        except UnicodeError:
            yield b"".join(encoded(name, c) for c in text)


def check_codec(tool, name):
    rng = random.Random(name)
    # of the shifting codecs pairs make sense within a set
    heads = {
        "iso2022": [b"\x1b$B", b"\x1b$(D", b"\x1b$(C", b"\x1b$A", b"\x1b$(O", b"\x1b$(P",
                    b"\x1b$(Q", b"\x1b$)C\x0e", b"\x1b(J", b"\x1b(I", b"\x1b.A\x1bN",
                    b"\x1b.F\x1bN"],
        "hz": [b"~{"],
        "euc_j": [b"", b"\x8f"],
    }
    heads = next((h for k, h in heads.items() if name.startswith(k)), [b""])
    single = [bytes((a,)) for a in range(256)]
    one_by_one = all((theirs(name, s) or b"x").decode().__len__() == 1 for s in single)
    pairs = itertools.product(range(0x20 if heads[-1] else 0, 256), repeat=2)
    pieces = [single, random_bytes(name, rng, 300), mixtures(name, rng, 1500), real_text(name)]
    width = 128 if name in ("hz",) or name.startswith("iso2022") else 256
    if codecs.lookup(name).name in MULTI or width == 128 or not one_by_one:
        pairs = [bytes(p) for p in pairs if max(p) < width]
        pieces += [[h + p for p in pairs] for h in heads if theirs(name, h + b"!!") or h in (b"", b"\x8f")]
    if name == "gb18030":
        pieces.append(bytes((0x81 + n // 12600, 0x30 + n // 1260 % 10, 0x81 + n // 10 % 126, 0x30 + n % 10))
                      for n in [*range(0, 39500), *range(39500, 189000, 97), *range(189000, 1237700, 53)])
    strings = [s for some in pieces for s in some if s]
    wrong = [(s, ours, want) for s, ours in zip(strings, tool.decode(name, strings))
             if ours != (want := theirs(name, s))]
    if name in LENIENT:  # what we take must be right; what we refuse may be more
        wrong = [w for w in wrong if w[1] is not None]
    if name == "unicode_escape":
        wrong = [w for w in wrong if b"\xef\xbf\xbd" not in (w[1] or b"")]
    count = len(strings)
    ok(not wrong, f"codec {name}", f"{count} strings" if not wrong else f"{len(wrong)} differ: {wrong[:3]}")
    return count


MULTI = {"big5", "big5hkscs", "cp932", "cp949", "cp950", "euc_jis_2004", "euc_jisx0213", "euc_jp",
         "euc_kr", "gb18030", "gb2312", "gbk", "johab", "shift_jis", "shift_jis_2004",
         "shift_jisx0213", "utf-8"}


# ---- names

def spellings(rng, name):
    yield from (name, name.upper(), name.title(), name.replace("_", "-"), name.replace("_", "."), "-" + name + "-",
                name.replace("_", "--"), name + ".", "x" + name, name + "-foo", name[:-1], name.replace("_", ""))
    yield "".join(c.upper() if rng.random() < 0.5 else c for c in name)


def check_names(tool):
    rng, wrong, count = random.Random(3), [], 0
    for alias in sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values(), *text_encodings(), "aliases",
                         "__init__", "mbcs", "oem", "foo", "us.ascii", "utf.8", "cp65001", "a.b", "..", "--",
                         "unicode_internal", "string_escape"}):
        for name in spellings(rng, alias):
            count += 1
            try:
                text = codecs.lookup(name)._is_text_encoding
            except LookupError:
                text = False
            except ValueError:
                continue
            if tool.knows(name) != text:
                wrong.append(name)
    ok(not wrong, "names of encodings", f"{count} spellings" if not wrong else repr(wrong[:8]))
    return count


# ---- whole sources

def compiles(data):
    """What an import makes of it: the tree's dump, or None."""
    try:
        return ast.dump(compile(data, "f", "exec", ast.PyCF_ONLY_AST))
    except (SyntaxError, ValueError, UnicodeError, LookupError, MemoryError, RecursionError):
        return None


def compile_text(text):
    """The same of text of ours: line ends are the lexer's."""
    try:
        return ast.dump(compile(text.decode(), "f", "exec", ast.PyCF_ONLY_AST))
    except (SyntaxError, ValueError, UnicodeError, MemoryError, RecursionError):
        return None


COOKIES = [b"# coding: %s", b"# -*- coding: %s -*-", b"#coding=%s",
           b"\t\f # vim: set fileencoding=%s :", b"# coding : %s", b"#  encoding:%s",
           b"# coding:\t %s", b"x = 1 # coding: %s", b"# coding:: %s", b"# coding=: %s",
           b"# coding: %s!", b"#!/usr/bin/python\n# coding: %s", b"\n# coding: %s",
           b"\n\n# coding: %s", b"pass\n# coding: %s", b"\x0c\n# coding: %s",
           b"# coding:\n# coding: %s", b"# coding: (%s)", b"# codingcoding: %s",
           b"# coding: %s coding: ascii", b"'''\n# coding: %s\n'''", b"\\\n# coding: %s",
           b"# coding:%s\r", b"\r# coding: %s", b"#\r\n# coding: %s\r\n", b"# coding: %s\x0b",
           b"#\x0c coding: %s", b"\xef\xbb\xbf# coding: %s", b"# coding: .%s", b"# coding:\xa0%s",
           b"# CODING: %s", b"coding: %s", b"   # coding: %s", b"#coding:%s#", b"# coding: \"%s\"",
           b"# coding;%s", b"#\n#\n# coding: %s"]
BODIES = [b"x = 'caf\xc3\xa9'\n", b"x = 'caf\xe9'\n", b"x = '\x83\x5c'\ny = 2\n", b"x = 1 # \xff\n",
          b"x = 'a'\r\ny = 2\ry = 3", b"x = '\x1b$B0!\x1b(B'\n", b"x = '+AGE-'\n",
          b"x = '~{VP~}'\n", b"x = '\\x41'\n", b"x = 1 # \\x0ay = 2\n", b"pass", b"x = '\xa1\\'\n",
          b"\xff\xfe", b"# \xe9\n\"\"\"\xe9\"\"\"\n"]


def cookie_cases():
    names = [b"utf-8", b"UTF_8", b"utf8", b"latin-1", b"Latin_1-unix", b"iso-8859-1",
             b"iso-8859-15", b"iso8859-1-dos", b"iso_latin_1", b"cp1252", b"ascii", b"us-ascii",
             b"shift_jis", b"sjis", b"gbk", b"big5", b"euc-jp", b"utf-7", b"iso-2022-jp", b"hz",
             b"unicode_escape", b"raw-unicode-escape", b"utf-8-sig", b"utf8-sig", b"cp037",
             b"utf-16", b"utf-16-be", b"utf-32", b"rot13", b"hex", b"foo", b"idna", b"punycode",
             b"undefined", b"charmap", b"koi8-r", b"utf-8-unix", b"utf_8_sig", b"cp65001", b"U8",
             b"l1", b"latin1", b"646", b"", b"mbcs", b"johab", b"gb18030"]
    for cookie, name, body in itertools.product(COOKIES, names, BODIES):
        yield cookie % name + b"\n" + body


def disagree(data, good, head, text):
    """Why the two answers do not fit together, or None. Errors on our side must have a reason."""
    want = compiles(data)
    if not good:
        if want is None or "differently" in head or "null bytes" in head or "ACE form" in head or "tokenize" in head:
            return None
        return f"refused ({head})"
    try:
        text.decode()
    except UnicodeDecodeError:
        # bytes that an import accepts within comments: the parser's to judge
        return None if want is None or want == compiles(text) else "lenient text differs"
    got = compile_text(text)
    if want is not None and got != want:
        return "another tree"
    if want is None and got is not None and text.endswith(b"\n") and not runs(data):
        return "taken"  # without a newline an import refuses, but a script may not
    return None


def run(data):
    with tempfile.NamedTemporaryFile(suffix=".py") as f:
        f.write(data)
        f.flush()
        return subprocess.run([sys.executable, "-I", f.name], capture_output=True, check=False)


def runs(data):
    """Whether `python file.py` takes what an import refuses."""
    return b"SyntaxError" not in run(data).stderr


def check_sources(tool):
    wrong, count = [], 0
    cases = list(cookie_cases())
    random.Random(5).shuffle(cases)
    for data in cases[:SOURCES]:
        count += 1
        why = disagree(data, *tool.source(data))
        if why:
            wrong.append((why, data))
    ok(not wrong, "cookies of every shape, compiled", f"{count} sources" if not wrong
       else f"{len(wrong)} differ: {wrong[:4]}")
    return count


def check_detect(tool):
    """tokenize.detect_encoding(), where it and the tokenizer agree: it knows no '\\r'."""
    wrong, count = [], 0
    for cookie, name in itertools.product(COOKIES, text_encodings()):
        data = cookie % name.encode() + b"\nx = 1\n"
        good, head, _ = tool.source(data)
        try:
            want = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        except SyntaxError:
            want = None
        if want is None or not good or b"\xa0" in cookie or b"\r" in cookie:
            continue
        count += 1
        if codecs.lookup(head) != codecs.lookup(want) and want != "utf-8-sig":
            wrong.append((data, head, want))
    ok(not wrong, "tokenize.detect_encoding()", f"{count} sources" if not wrong else repr(wrong[:4]))
    return count


def check_scripts(tool):
    """What `python file.py` prints is what our text prints, for the codecs where that is the only reading."""
    wrong, count = [], 0
    for name in ("cp037", "cp500", "cp1026", "cp1140", "cp273", "cp424", "cp875", "punycode", "shift_jis", "utf_7"):
        body = "\nprint('one', 1)\nprint('two')\n"
        tail = b"-" if name == "punycode" else b""
        for head in (b"# coding: %s\n", b"\n# coding: %s\n", b"#!x\r\n# coding: %s\r\n", b"# coding: %s \xff\n"):
            coded = body.encode() if name == "punycode" else body.encode(name)
            data = head % name.encode() + coded + tail
            script = run(data)
            good, _, text = tool.source(data)
            count += 1
            out = io.StringIO()
            if good:
                exec(compile(text.decode(), "f", "exec"), {"print": lambda *a: print(*a, file=out)})
            if good != (script.returncode == 0) or out.getvalue().encode() != script.stdout:
                wrong.append((data, good, script.stdout, script.stderr[-80:]))
    ok(not wrong, "python file.py", f"{count} scripts" if not wrong else repr(wrong[:3]))
    return count


def check_corpus(tool):
    """Files called y_* are taken, those called n_* are refused."""
    wrong, files = [], sorted(glob.glob(os.path.join(ROOT, "tests/fuzz/corpus/pysource/[yn]_*")))
    for path in files:
        with open(path, "rb") as f:
            if tool.source(f.read())[0] != (os.path.basename(path)[0] == "y"):
                wrong.append(path)
    ok(files and not wrong, "corpus", repr(wrong[:4]) if wrong else f"{len(files)} files")


# ---- identifiers

def assigned():
    return (c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != "Cn")


LATER = {0x200C, 0x200D, 0x30FB, 0xFF65}  # XID_Continue since Unicode 15.1


def check_identifiers(tool):
    flags = tool.ask(b"i", b"")
    wrong = [hex(c) for c in assigned() if c not in LATER
             and flags[c - 0x80] != (("a" + chr(c)).isidentifier() | chr(c).isidentifier() << 1)]
    free = [hex(c) for c in range(0x80, 0x110000) if unicodedata.category(chr(c)) == "Cn" and flags[c - 0x80] != 3]
    ok(not wrong, "str.isidentifier() of all code points", repr(wrong[:8]) if wrong else "")
    ok(not free, "what is unassigned is taken", repr(free[:8]) if free else "")
    return [chr(c) for c in assigned() if flags[c - 0x80]]


def check_nfkc(tool, letters):
    rng = random.Random(7)
    marks = [c for c in letters if unicodedata.combining(c)]
    odd = [c for c in letters if unicodedata.normalize("NFKD", c) != c]
    jamo = [chr(c) for c in [*range(0x1100, 0x1200), *range(0xAC00, 0xAC40)]]
    pools = [letters, marks, odd, jamo, ["a", "e", "o"]]
    words = ["".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(1, 24))) for _ in range(8000)]
    words += [a + b for a, b in zip(letters, letters[1:])]
    words.append("a" + "".join(rng.choice(marks) for _ in range(3000)))
    sent = "\n".join(words).encode()  # a newline is a starter that joins nothing
    got = tool.ask(b"n", sent).decode().split("\n")
    wrong = [(w, g) for w, g in zip(words, got) if unicodedata.normalize("NFKC", w) != g]
    ok(not wrong and len(got) == len(words), "NFKC of identifiers",
       f"{len(words)} words" if not wrong else ascii(wrong[:3]))


def check_character_names(tool):
    wrong = [c for c in range(0x20, 0x7F) for n in (unicodedata.name(chr(c)), unicodedata.name(chr(c)).lower())
             if int(tool.ask(b"u", n.encode())) != c]
    other = [n for n in ("LATIN SMALL LETTER ALPHA", "CJK UNIFIED IDEOGRAPH-4E00") if tool.ask(b"u", n.encode()) != b"0"]
    never = [n for n in ("", "a{", "A_B", "a" * 300) if tool.ask(b"u", n.encode()) != b"-1"]
    ok(not wrong + other + never, "names of characters", repr((wrong, other, never)) if wrong + other + never else "")


def check_tables():
    for script in ("tools/codecs/make.py", "tools/unicode/make.py", "tools/unicode/fold.py"):
        made = subprocess.run([sys.executable, os.path.join(ROOT, script), "--check"],
                              capture_output=True, text=True, check=False)
        good = made.returncode == 0 and "not ok" not in made.stdout
        ok(good, f"{script} --check", "skip" if "skip" in made.stdout else "")


def main():
    start = time.time()
    tool = Tool(TOOL or build())
    strings = sum([check_codec(tool, name) for name in text_encodings()])
    spelled = check_names(tool)
    sources = check_sources(tool) + check_detect(tool) + check_scripts(tool)
    check_corpus(tool)
    check_nfkc(tool, check_identifiers(tool))
    check_character_names(tool)
    check_tables()
    print(f"# {strings} byte strings, {spelled} names, {sources} sources in {time.time() - start:.0f} s")
    print(f"1..{tests}")


if __name__ == "__main__":
    main()
