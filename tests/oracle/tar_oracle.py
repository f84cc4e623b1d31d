"""CPython's tarfile, gzip, bz2 and lzma against the tar and stream readers.

Archives are written by tarfile in every format, and by GNU tar where there is one, then
mutated with their checksums repaired. Every file that tarfile would unpack, reading to the
first end and past it, must have been read by us under its name and with its size. Seeing
more than tarfile does is fine. Archives that tarfile wrote must be quiet: no tar finding.

Usage: tar_oracle.py [CASES [SEED]]; PRATIQUE names the binary.
"""
import bz2
import gzip
import io
import json
import lzma
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRATIQUE = os.environ.get("PRATIQUE", os.path.join(ROOT, "build/release/pratique"))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 400
RANDOM = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
tests = 0


def ok(good, name, notes=()):
    global tests
    tests += 1
    for note in list(notes)[:8]:
        print("#", note)
    print(f"{'ok' if good else 'not ok'} {tests} - tar oracle: {name}")


def text(n):
    return (b"line %d of a plain text file\n" % n * (n // 20 + 1))[:n]


def add(t, name, data=b"", kind=tarfile.REGTYPE, link="", **more):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    for key, value in more.items():
        setattr(info, key, value)
    t.addfile(info, io.BytesIO(data))


def write_archive(fmt):
    """What an sdist, an npm package or a backup holds, and names at the bounds of each format."""
    out = io.BytesIO()
    long = "x" * (60 if fmt == "ustar" else 180)
    with tarfile.open(fileobj=out, mode="w", format=FORMATS[fmt]) as t:
        add(t, "pkg-1.0", kind=tarfile.DIRTYPE)
        for i in range(RANDOM.randrange(2, 6)):
            add(t, f"pkg-1.0/file{i}.txt", text(RANDOM.choice((1, 30, 511, 512, 513, 1024, 3000)) + i))
        add(t, f"pkg-1.0/{long}/{'y' * 90}.txt", text(700), mtime=1.5 if fmt == "pax" else 1)
        add(t, "pkg-1.0/caf\u00e9.txt", text(90))
        add(t, "pkg-1.0/empty.txt")
        add(t, "pkg-1.0/link", kind=tarfile.SYMTYPE, link="file0.txt")
        add(t, "pkg-1.0/hard", kind=tarfile.LNKTYPE, link="pkg-1.0/file0.txt")
        if fmt != "ustar":
            add(t, "pkg-1.0/far", kind=tarfile.SYMTYPE, link="z" * 150)
    return out.getvalue()


def repair(block):
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)


def mutate(data):
    """A few lies in headers, each with its checksum repaired, and blocks moved about."""
    data = bytearray(data)
    heads = [i for i in range(0, len(data) - 511, 512) if data[i + 257:i + 262] == b"ustar"]
    for _ in range(RANDOM.randrange(1, 4)):
        at = RANDOM.choice(heads)
        block = data[at:at + 512]
        what = RANDOM.randrange(9)
        if what == 0:
            block[124:136] = b"%011o\0" % RANDOM.choice((0, 1, 27, 512, 513, 1024, 2048, 5000))
        elif what == 1:
            block[156] = RANDOM.choice(b"0\0001234567xgLKSDMVAQ")
        elif what == 2:
            block[345:360] = RANDOM.choice((b"pre/fix", b"..", b"\0")).ljust(15, b"\0")
        elif what == 3:
            block[257:265] = RANDOM.choice((b"ustar\x0000", b"ustar  \0", b"\0" * 8))
        elif what == 4:
            block[RANDOM.randrange(512)] ^= 1 << RANDOM.randrange(8)
        elif what == 5:
            block[0:4] = RANDOM.choice((b"../a", b"/abs", b"a//b", b"d/\0\0"))
        elif what == 6:
            block[124:136] = b"\x80" + bytes(9) + bytes([RANDOM.randrange(4), RANDOM.randrange(256)])
        elif what == 7:  # a record of a pax header behind it
            i = data.find(b"path=", at)
            if i > 0:
                data[i + RANDOM.randrange(40)] = RANDOM.choice(b"=\n 19as")
        repair(block)
        data[at:at + 512] = block
        if what == 8:
            data[at:at] = RANDOM.choice((bytes(512), bytes(1024), bytes(data[at:at + 1024]), b"x" * 512))
            heads = [i for i in range(0, len(data) - 511, 512) if data[i + 257:i + 262] == b"ustar"]
    return bytes(data)


def unpacked(data, **how):
    """Name and size of every file with content that tarfile would unpack."""
    files = []
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", **how) as t:
            for m in t:
                if m.isreg() and m.size > 0:
                    f = t.extractfile(m)
                    got = f.read() if f else b""
                    if len(got) == m.size:
                        files.append((m.name, m.size))
    except Exception:  # it stops here: what came before it would have unpacked
        pass
    return files


def scan(folder):
    done = subprocess.run([PRATIQUE, "scan", "--weak-sandbox-ok", "--format", "json", folder],
                          stdout=subprocess.PIPE)
    return {os.path.basename(a["path"]): a for a in json.loads(done.stdout)["artifacts"]}


def ids(artifact):
    return [f["rule"] if isinstance(f["rule"], str) else f["rule"]["id"] for f in artifact["findings"]]


def seen(artifact):
    """(path, size) of what was read; size None for what was not recognised."""
    found = {(c["path"].split("!/", 1)[1], c["bytes"]) for c in artifact["components"] if "!/" in c["path"]}
    return found | {(f["path"].split("!/", 1)[1], None) for f in artifact["findings"] if "!/" in f["path"]}


# With these we told that readers disagree about a name: only the content must have been read.
NAMES_DISAGREE = {"TAR025", "TAR028", "TAR036", "TAR037"}


def missing(name, size, found, disagree):
    if re.fullmatch(r"[\w./ -]+", name, re.A) and not disagree:
        # past an end, tarfile overlooks a pax header that it cannot read: the name is then cut
        return not any((n.rstrip("/") == name.rstrip("/") or len(name) == 100 and n.startswith(name)) and
                       s in (size, None) for n, s in found)
    return not any(s in (size, None) for _, s in found)


def compare(archives, quiet):
    lost, loud, files = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for name, data in archives.items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
        report = scan(folder)
        for name, data in archives.items():
            a = report[name]
            if quiet and any(i[:3] in ("TAR", "STR", "ENG") for i in ids(a)):
                loud.append(f"{name}: {ids(a)}")
            found = seen(a)
            for how in ({}, {"ignore_zeros": True}):
                for member, size in unpacked(data, **how):
                    files += 1
                    if missing(member, size, found, NAMES_DISAGREE & set(ids(a))) and "ENG008" not in ids(a):
                        lost.append(f"{name}: {member!r} of {size} bytes, {a['verdict']} {ids(a)}")
            if "ENG008" in ids(a):
                lost.append(f"{name}: the worker died")
    return lost, loud, files


def by_gnu_tar():
    tar, out = shutil.which("tar"), {}
    if not tar or b"GNU" not in subprocess.run([tar, "--version"], stdout=subprocess.PIPE).stdout:
        return out
    with tempfile.TemporaryDirectory() as d:
        os.makedirs(os.path.join(d, "pkg/sub"))
        for i in range(4):
            with open(os.path.join(d, f"pkg/sub/{'n' * 30 * i}{i}.txt"), "wb") as f:
                f.write(text(100 + i))
        os.symlink("0.txt", os.path.join(d, "pkg/sub/l"))
        os.link(os.path.join(d, "pkg/sub/0.txt"), os.path.join(d, "pkg/hard.txt"))
        for fmt in ("v7", "oldgnu", "gnu", "ustar", "pax"):
            out[f"gnutar-{fmt}.tar"] = subprocess.run([tar, f"--format={fmt}", "-cf", "-", "-C", d, "pkg"],
                                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return out


def compare_streams():
    """Content as each module would give it, or as far as it goes."""
    plain = [text(n) for n in (1, 100, 70000)]
    cases = {}
    for name, pack in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress),
                       ("lzma", lambda d: lzma.compress(d, lzma.FORMAT_ALONE)), ("zlib", zlib.compress)):
        for i, d in enumerate(plain):
            cases[f"one{i}.{name}"] = (pack(d), len(d))
        if name in ("gz", "bz2", "xz"):
            cases[f"three.{name}"] = (b"".join(map(pack, plain)), sum(map(len, plain)))
    cases["padded.gz"] = (gzip.compress(plain[1]) + bytes(700), 100)
    cases["padded-two.gz"] = (gzip.compress(plain[1]) + bytes(700) + gzip.compress(plain[2]), 70100)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (data, _) in cases.items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
        report = scan(folder)
        for name, (_, size) in cases.items():
            if not any(s == size for _, s in seen(report[name])):
                wrong.append(f"{name}: {sorted(seen(report[name]), key=str)}, not {size}")
    ok(not wrong, f"{len(cases)} streams give what CPython gives", wrong)


def main():
    honest = {f"{fmt}{i}.tar": write_archive(fmt) for fmt in FORMATS for i in range(5)}
    honest.update(by_gnu_tar())
    lost, loud, files = compare(honest, True)
    ok(not lost, f"{files} files of {len(honest)} archives are read", lost)
    ok(not loud, "what tarfile and GNU tar write is quiet", loud)
    mutated = {}
    for i in range(CASES):
        mutated[f"m{i}.tar"] = mutate(write_archive(RANDOM.choice(list(FORMATS))))
    lost, _, files = compare(mutated, False)
    ok(not lost and files > CASES, f"{files} files of {CASES} mutated archives are read", lost)
    compare_streams()
    print(f"1..{tests}")


main()
