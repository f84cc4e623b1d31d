#!/usr/bin/env python3
"""Writes the tables of src/format/python/codec_*.def from what the running CPython decodes.

codec_names.def   every module of `encodings` that is a text encoding, and all aliases
codec_single.def  codecs of single bytes: 256 characters, or the upper 128 of those with ASCII
codec_multi.def   sets of 94 rows by 94 cells (JIS X 0208, KS X 1001, ...), and runs of what
                  each set or codec has besides, keyed by row and cell or by the bytes

Usage: make.py [--check]    --check compares with the committed files instead of writing.
"""

import codecs
import encodings.aliases
import pathlib
import platform
import sys

OUT = pathlib.Path(__file__).resolve().parents[2] / "src/format/python"
HEAD = ("/* Made by tools/codecs/make.py with CPython {}; do not edit. */\n"
        "/* clang-format off */\n").format(".".join(platform.python_version_tuple()[:2]))
GAP = 0xFFFE  # no character; in sets 0
JIS = range(0x21, 0x7F)

# What the decoder has an array for; the other differences must be none.
WITH_EXTRAS = ("JIS_0213_1 JIS_0213_1_2000 JIS_0213_2 ISO_KS ISO_0213_1 CP949 GBK GB18030 CP932 "
               "SHIFT_JIS_2004 SHIFT_JISX0213 EUC_JISX0213 CP950 BIG5HKSCS JOHAB").split()

# Aliases of CPython 3.12 to 3.14.
LATER_ALIASES = {"874": "cp874", "cseuckr": "euc_kr", "iso_8859_8_e": "iso8859_8", "ms874": "cp874",
                 "iso_8859_8_i": "iso8859_8", "windows_31j": "cp932", "windows_874": "cp874"}

# What decodes each module, with what argument, and struct py_codec's flags.
BY_HAND = {
    "ascii": ("ascii", 0, "CODEC_ASCII"),
    "charmap": ("map", 0, "CODEC_ASCII"),
    "latin_1": ("map", 0, "CODEC_ASCII"),
    "utf_8": ("utf8", 0, "CODEC_ASCII"),
    "utf_8_sig": ("utf8_sig", 0, "CODEC_ASCII"),
    "utf_7": ("utf7", 0, "CODEC_STATEFUL"),
    "utf_16": ("utf16", "CODEC_BOM", "CODEC_STATEFUL | CODEC_NO_SCRIPT"),
    "utf_16_le": ("utf16", "CODEC_LE", "CODEC_STATEFUL"),
    "utf_16_be": ("utf16", "CODEC_BE", "CODEC_STATEFUL"),
    "utf_32": ("utf32", "CODEC_BOM", "CODEC_STATEFUL | CODEC_NO_SCRIPT"),
    "utf_32_le": ("utf32", "CODEC_LE", "CODEC_STATEFUL"),
    "utf_32_be": ("utf32", "CODEC_BE", "CODEC_STATEFUL"),
    "unicode_escape": ("escape", 0, "CODEC_STATEFUL"),
    "raw_unicode_escape": ("raw_escape", 0, "CODEC_STATEFUL"),
    "punycode": ("punycode", 0, "CODEC_STATEFUL"),
    "idna": ("idna", 0, "0"),
    "undefined": ("undefined", 0, "0"),
    "hz": ("hz", 0, "CODEC_STATEFUL"),
    "euc_kr": ("euc_kr", "CODEC_EUC_KR", "0"),
    "johab": ("multi", "CODEC_JOHAB", "0"),
    "gb18030": ("gb18030", "CODEC_GB18030", "0"),
}
MULTI = ("big5 big5hkscs cp932 cp949 cp950 euc_jis_2004 euc_jisx0213 euc_jp gb2312 gbk shift_jis "
         "shift_jis_2004 shift_jisx0213").split()
ISO2022 = "jp jp_1 jp_2 jp_2004 jp_3 jp_ext kr".split()
for name in MULTI:
    BY_HAND[name] = ("multi", "CODEC_" + name.upper(), "0")
for name in ISO2022:
    BY_HAND["iso2022_" + name] = ("iso2022", "CODEC_ISO2022_" + name.upper(), "CODEC_STATEFUL")


def decode(name, data):
    """The one or two characters that all of data is, as a number; 0 when it is not that."""
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return 0
    if len(text) == 1:
        return ord(text)
    # two bytes that are two characters of one byte are no entry
    if len(text) == 2 and not any(alone(name, data[:i]) for i in (1,)):
        return ord(text[0]) << 16 | ord(text[1])
    return 0


def alone(name, data):
    try:
        return bool(data.decode(name))
    except UnicodeDecodeError:
        return False


# ---- output

def numbers(values, gap):
    """Numbers, with runs of successors as R2(x)..R32(x), and of gaps as G2..G64."""
    out, i, values = [], 0, list(values)
    while i < len(values):
        n = 1
        while i + n < len(values) and values[i + n] == (gap if values[i] == gap else values[i] + n):
            n += 1
        n = min(1 << n.bit_length() - 1, 64 if values[i] == gap else 32)
        if values[i] == gap:
            out.append(f"G{n}" if n > 1 else f"{gap:#x}")
        else:
            out.append(f"R{n}({values[i]:#x})" if n > 1 else f"{values[i]:#x}")
        i += n
    return wrap(out)


def wrap(items):
    lines, line = [], ""
    for item in items:
        if len(line) + len(item) > 98:
            lines.append(line)
            line = ""
        line += item + ","
    return "\n".join(lines + [line]) + "\n"


def section(macro, body):
    return f"#ifdef {macro}\n{body}#undef {macro}\n#endif\n"


def runs(entries):
    """{key: code} as X(key,code) and XN(key,n,code), keys and codes in runs."""
    out, keys, i = [], sorted(entries), 0
    while i < len(keys):
        n, k, code = 1, keys[i], entries[keys[i]]
        while (i + n < len(keys) and keys[i + n] == k + n and n < 65000
               and entries[k + n] == (code + n if code else 0)):
            n += 1
        out.append(f"X({k:x},{code:x})" if n == 1 else f"XN({k:x},{n},{code:x})")
        i += n
    return wrap(out)


# ---- sets of 94 x 94

def grid(name, head=b"", high=0x80):
    """{row << 8 | cell: code} of what the codec reads behind head; high is added to each byte."""
    got = {}
    for row in JIS:
        for cell in JIS:
            code = decode(name, head + bytes((row + high, cell + high)))
            if code:
                got[row << 8 | cell] = code
    return got


def differ(full, base):
    """What must be added to base, or taken from it (0), to make it full."""
    out = {k: v for k, v in full.items() if base.get(k) != v}
    out.update({k: 0 for k in base if k not in full})
    return out


def split_grid(full):
    """A full set as an array and runs of what does not fit into 16 bits."""
    return ([full.get(r << 8 | c, 0) if full.get(r << 8 | c, 0) <= 0xFFFF else 0
             for r in JIS for c in JIS], {k: v for k, v in full.items() if v > 0xFFFF})


# ---- codecs of one to three bytes: {bytes as a number: code}

def all_of(name, three=False):
    got = {}
    leads = []
    for a in range(256):
        code = decode(name, bytes((a,)))
        if code:
            got[a] = code
        else:
            leads.append(a)
    for a in leads:
        for b in range(256):
            code = decode(name, bytes((a, b)))
            if code:
                got[a << 8 | b] = code
    if three:
        for b in range(0xA1, 0xFF):
            for c in range(0xA1, 0xFF):
                code = decode(name, bytes((0x8F, b, c)))
                if code:
                    got[0x8F0000 | b << 8 | c] = code
    return got


ASCII = {c: c for c in range(1, 0x80)}
KANA = {c: c - 0xA1 + 0xFF61 for c in range(0xA1, 0xE0)}


def from_euc(cells):
    return {k | 0x8080: v for k, v in cells.items()}


def sjis_rows():
    """Lead byte and half of it -> (plane, row). Plane 2 of JIS X 0213 has these rows alone."""
    leads = [*range(0x81, 0xA0), *range(0xE0, 0xF0)]
    for i, lead in enumerate(leads):
        yield lead, 1, 0x21 + 2 * i, 0x22 + 2 * i
    second = [1, 8, 3, 4, 5, 12, 13, 14, 15, *range(78, 95)]
    for i in range(0, len(second), 2):
        yield 0xF0 + i // 2, 2, 0x20 + second[i], 0x20 + second[i + 1]


def from_sjis(planes):
    """Bytes of Shift JIS for {plane: cells}."""
    out = {}
    trails = [t for t in range(0x40, 0xFD) if t != 0x7F]
    for lead, plane, odd, even in sjis_rows():
        for i, t in enumerate(trails):
            row, cell = (odd, 0x21 + i) if i < 94 else (even, 0x21 + i - 94)
            code = planes.get(plane, {}).get(row << 8 | cell)
            if code:
                out[lead << 8 | t] = code
    return out


BIG5_TRAILS = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]


def from_big5(array):
    return {lead << 8 | t: array[(lead - 0xA1) * 157 + i] for lead in range(0xA1, 0xFA)
            for i, t in enumerate(BIG5_TRAILS) if array[(lead - 0xA1) * 157 + i]}


def from_johab(ks):
    """Symbols and hanja of KS X 1001 in Johab's bytes."""
    out = {}
    for lead in [*range(0xD9, 0xDF), *range(0xE0, 0xFA)]:
        for t in [*range(0x31, 0x7F), *range(0x91, 0xFF)]:
            row = 2 * (lead - 0xD9) if lead < 0xE0 else 2 * lead - 0x197
            cell = t - (0x31 if t < 0x91 else 0x43)
            code = ks.get((row + 0x21 + cell // 94) << 8 | (0x21 + cell % 94))
            if code:
                out[lead << 8 | t] = code
    return out


def gb18030_runs():
    """Runs of four-byte codes of the BMP: (linear number, code point)."""
    out, last = [], None
    for n in range(39420):
        a, rest = divmod(n, 12600)
        b, rest = divmod(rest, 1260)
        c, d = divmod(rest, 10)
        code = decode("gb18030", bytes((0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d)))
        step = code - n if code else None
        if step != last:
            out.append((n, code))
            last = step
    return out


def euc_kr_syllables():
    """KS X 1001's make-up of a syllable: for each letter its number as initial and as final."""
    one = lambda a, b, c: decode("euc_kr", bytes((0xA4, 0xD4, 0xA4, a, 0xA4, b, 0xA4, c)))  # noqa: E731
    first = [one(a, 0xBF, 0xD4) for a in range(0xA1, 0xBF)]
    last = [one(0xA1, 0xBF, c) for c in range(0xA1, 0xBF)]
    return ([(c - 0xAC00) // 588 if c else 0xFF for c in first],
            [(c - 0xAC00) % 28 if c else 0xFF for c in last])


def multi_text():
    j208, j212 = grid("euc_jp"), grid("euc_jp", b"\x8f")
    j213, j2000 = grid("euc_jis_2004"), grid("euc_jisx0213")
    ks, gb, big5 = grid("euc_kr"), grid("gb2312"), all_of("big5")
    array5 = [big5.get(lead << 8 | t, 0) for lead in range(0xA1, 0xFA) for t in BIG5_TRAILS]

    def iso(mark, variant):
        return grid("iso2022_" + variant, b"\x1b$" + mark, 0)

    j213b = iso(b"(P", "jp_2004")  # behind 8F, JIS X 0212 fills its gaps

    sets = {"JIS_0208": j208, "JIS_0212": j212, "KS_1001": ks, "GB_2312": gb}
    text = "".join(section("GRID_" + n, numbers(split_grid(s)[0], 0)) for n, s in sets.items())
    assert not any(split_grid(s)[1] for s in sets.values())
    text += section("GRID_BIG5", numbers(array5, 0))

    three = {k | 0x8F8080: v for k, v in j212.items()}
    kana2 = {0x8E00 | k: v for k, v in KANA.items()}
    euc = lambda s: {**ASCII, **from_euc(s)}  # noqa: E731
    jis = lambda p: {**ASCII, **KANA, **from_sjis(p)}  # noqa: E731
    three213 = {k | 0x8F8080: v for k, v in {**j212, **j213b}.items()}
    extras = {
        # of sets
        "JIS_0213_1": differ(j213, j208),
        "JIS_0213_1_2000": differ(j2000, j213),
        "JIS_0213_2": j213b,
        "ISO_0208": differ(iso(b"B", "jp"), j208),
        "ISO_0212": differ(iso(b"(D", "jp_1"), j212),
        "ISO_KS": differ(iso(b"(C", "jp_2"), ks),
        "ISO_GB": differ(iso(b"A", "jp_2"), gb),
        "ISO_0208_3": differ(iso(b"B", "jp_3"), j208),
        "ISO_0213_1": differ(iso(b"(Q", "jp_2004"), j213),
        # of codecs
        "EUC_JP": differ(all_of("euc_jp", True), {**euc(j208), **kana2, **three}),
        "EUC_JIS_2004": differ(all_of("euc_jis_2004", True), {**euc(j213), **kana2, **three213}),
        "EUC_JISX0213": differ(all_of("euc_jisx0213", True), {**euc(j2000), **kana2, **three213}),
        "EUC_KR": differ(all_of("euc_kr"), euc(ks)),
        "CP949": differ(all_of("cp949"), euc(ks)),
        "GB2312": differ(all_of("gb2312"), euc(gb)),
        "GBK": differ(all_of("gbk"), euc(gb)),
        "GB18030": differ(all_of("gb18030"), all_of("gbk")),
        "SHIFT_JIS": differ(all_of("shift_jis"), jis({1: j208})),
        "CP932": differ(all_of("cp932"), jis({1: j208})),
        "SHIFT_JIS_2004": differ(all_of("shift_jis_2004"), jis({1: j213, 2: j213b})),
        "SHIFT_JISX0213": differ(all_of("shift_jisx0213"), jis({1: j2000, 2: j213b})),
        "BIG5": differ(big5, {**ASCII, **from_big5(array5)}),
        "CP950": differ(all_of("cp950"), {**ASCII, **from_big5(array5)}),
        "BIG5HKSCS": differ(all_of("big5hkscs"), {**ASCII, **from_big5(array5)}),
        "JOHAB": differ(all_of("johab"), {**ASCII, **from_johab(ks)}),
    }
    assert differ(iso(b"(O", "jp_3"), j2000) == extras["ISO_0213_1"]
    assert iso(b"(D", "jp_2") == iso(b"(D", "jp_ext") == iso(b"(D", "jp_1")
    for variant in ("jp_1", "jp_2", "jp_ext", "jp_2004"):
        assert iso(b"B", variant) == iso(b"B", "jp_2004" if variant == "jp_2004" else "jp"), variant
    assert iso(b"@", "jp") == iso(b"B", "jp")
    assert iso(b"(P", "jp_3") == iso(b"(P", "jp_2004")
    assert iso(b"B", "jp_3") == iso(b"B", "jp_2004")
    assert grid("iso2022_kr", b"\x1b$)C\x0e", 0) == iso(b"(C", "jp_2")
    for macro, entries in extras.items():
        entries.pop(0, None)  # NUL is itself
        assert bool(entries) == (macro in WITH_EXTRAS), macro
        if not entries:
            continue
        text += section("EXTRA_" + macro, runs(entries))
    first, last = euc_kr_syllables()
    text += section("KR_INITIALS", wrap(map(str, first)))
    text += section("KR_FINALS", wrap(map(str, last)))
    text += section("GB18030_RUNS", wrap(f"{{{n},{c:#x}}}" for n, c in gb18030_runs()))
    return HEAD + text


def single_map(name):
    return [ord(bytes((i,)).decode(name, "replace")) if
            bytes((i,)).decode(name, "ignore") else GAP for i in range(256)]


def modules():
    for path in sorted(pathlib.Path(encodings.__file__).parent.glob("*.py")):
        if path.stem in ("__init__", "aliases", "mbcs", "oem", "_win_cp_codecs"):
            continue  # the last ones are of Windows: unknown elsewhere
        yield path.stem, codecs.lookup(path.stem)


def single_and_names():
    maps, names = "", ""
    for name, info in modules():
        title = info.name
        if not info._is_text_encoding:
            names += f'CODEC({name}, "{title}", NULL, NULL, 0, 0)\n'
            continue
        if name in BY_HAND:
            how, variant, flags = BY_HAND[name]
            names += f'CODEC({name}, "{title}", py_decode_{how}, NULL, {variant}, {flags})\n'
            continue
        table = single_map(name)
        plain = table[:0x80] == list(range(0x80))
        ebcdic = table[ord("#")] != ord("#")
        # the blanks that may stand before '#' must be unreadable too, and nothing else may
        # become a line end: then a script and an import read the same, or only the script can
        assert not ebcdic or all(table[ord(c)] in range(0x80, 0xA0) for c in "# \t\n")
        assert ebcdic or all(table[ord(c)] == ord(c) for c in "# \t\f\r\n")
        assert ebcdic or not {10, 13} & set(table[:10] + table[11:13] + table[14:])
        flags = "CODEC_ASCII" if plain else "CODEC_EBCDIC" if ebcdic else "0"
        maps += (f"static const uint16_t map_{name}[] = {{\n"
                 + numbers(table[0x80:] if plain else table, GAP) + "};\n")
        names += f'CODEC({name}, "{title}", py_decode_map, map_{name}, 0, {flags})\n'
    known = {name for name, _ in modules()}
    names = section("CODECS", names)
    names += section("ALIASES", "".join(
        f'ALIAS("{a}", {m})\n' for a, m in sorted({**LATER_ALIASES, **encodings.aliases.aliases}.items()) if m in known))
    return HEAD + maps, HEAD + names


def main(check):
    single, names = single_and_names()
    good = True
    for file, text in (("single", single), ("names", names), ("multi", multi_text())):
        path = OUT / f"codec_{file}.def"
        if not check:
            path.write_text(text)
        elif path.read_text().splitlines()[0] != HEAD.splitlines()[0]:
            print(f"ok - {path.name} # skip made with another CPython")
        else:
            same = path.read_text() == text
            good &= same
            print(f"{'ok' if same else 'not ok'} - {path.name} is what CPython says")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] == ["--check"]))
