"""Locks are read, and entries chosen, as the program does: the reader in Python beside the one in C."""

import json
import pathlib
import random
import subprocess
import tempfile

from _kit import PROGRAM, ROOT, Skip, _tap, as_text, entry, equal, lock, put, test
from pratique import _lock, _target

DATA = b"x"
GOOD = lock(entry("thing/libthing.so", DATA))
MEMBER = {"member": "a/b.so", "member_sha256": "0" * 64, "member_size": 1}


def one(**more):
    return lock(entry("thing/libthing.so", DATA, **more))


def without(key):
    return lock({k: v for k, v in entry("thing/libthing.so", DATA).items() if k != key})


def two(a, b, **more):
    return lock(entry(a, DATA), entry(b, DATA, **more))


GOOD_ONES = {
    "plain": GOOD, "member": one(**MEMBER), "python": one(python="cp39.cp310", abi="abi3"),
    "file": one(urls=["file:lib/x.so"]), "port": one(urls=["https://[::1]:8443/x?y=%20"]),
    "host alone": one(urls=["https://example.org"]), "16 URLs": one(urls=["https://example.org/x"] * 16),
    "tags": one(platform="manylinux_2_5_x86_64.manylinux1_x86_64"), "largest": one(size=1 << 40),
    "two names": two("thing/a.so", "thing/b.so"), "two platforms": two("a.so", "a.so", platform="any"),
    "spaces": one(name="a b/c d.so"), "no devices": one(name="com/console/com10/nulx/x.con/auxiliary.so"), "space around": b" \n" + json.dumps(GOOD).encode() + b"\r\n\t ",
    "escapes": json.dumps(GOOD).replace("thing/", "\\u0074hing\\/").encode(),
    "version": lock(*GOOD["files"], version="1!2.0+local-x_y"), "package": lock(*GOOD["files"], package="a.b-c_d"),
    "1024 files": lock(*[entry(f"a{n}", DATA) for n in range(1024)]),
}
BAD_ONES = {
    "empty": b"", "no object": b"[]", "two": b"{}{}", "text": b'"x"', "more behind": json.dumps(GOOD).encode() + b" x",
    "BOM": b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "not UTF-8": json.dumps(GOOD).encode().replace(b"thing", b"\xff"),
    "UTF-16": json.dumps(GOOD).encode("utf-16"), "comment": b"//x\n" + json.dumps(GOOD).encode(),
    "comma": json.dumps(GOOD).replace("}]}", "},]}").encode(), "NaN": json.dumps(GOOD).encode()
    .replace(b'"size": 1', b'"size": NaN'), "format": dict(GOOD, format="pratique-lock-2"), "format 1": dict(GOOD, format=1),
    "format gone": {k: v for k, v in GOOD.items() if k != "format"}, "files": dict(GOOD, files={}), "none": lock(),
    "unknown": dict(GOOD, sha256_url="https://example.org"), "null": dict(GOOD, version=None),
    "package": lock(*GOOD["files"], package="-a"), "package empty": lock(*GOOD["files"], package=""),
    "package long": lock(*GOOD["files"], package="a" * 256), "version": lock(*GOOD["files"], version="1 0"),
    "1025 files": lock(*[entry(f"a{n}", DATA) for n in range(1025)]),
    "too large": json.dumps(GOOD).encode() + b" " * (1 << 20),
    "deep": b"[" * 5000, "deeper": b'{"files":' + b"[" * 200000, "digits": one(size=int("9" * 4000)),
    **{f"without {key}": without(key) for key in ("name", "platform", "abi", "urls", "sha256", "size")},
    "upper case": one(sha256="A" * 64), "short": one(sha256="a" * 63), "long": one(sha256="a" * 65),
    "no hash": one(sha256=""), "hash null": one(sha256=None), "not ASCII": one(sha256="\u0660" * 64),
    "newline": one(sha256="a" * 64 + "\n"), "size 0": one(size=0), "size -1": one(size=-1), "size 1.0": one(size=1.0),
    "size 1e3": json.dumps(GOOD).replace('"size": 1', '"size": 1e0').encode(), "size text": one(size="1"),
    "size true": one(size=True), "size large": one(size=(1 << 40) + 1),
    "leading zero": json.dumps(GOOD).replace('"size": 1', '"size": 01').encode(),
    "http": one(urls=["http://example.org/x"]), "ftp": one(urls=["ftp://example.org/x"]), "no URL": one(urls=[]),
    "URL text": one(urls="https://example.org"), "17 URLs": one(urls=["https://example.org/x"] * 17),
    "user": one(urls=["https://a:b@example.org/x"]), "fragment": one(urls=["https://example.org/x#y"]),
    "no host": one(urls=["https:///x"]), "port alone": one(urls=["https://:443/x"]), "space": one(urls=["https://a/b c"]),
    "backslash": one(urls=["https://a\\b/c"]), "file up": one(urls=["file:../x"]), "file root": one(urls=["file:///x"]),
    "file none": one(urls=["file:"]), "URL long": one(urls=["https://example.org/" + "a" * 2048]),
    "URL number": one(urls=[1]), "HTTPS": one(urls=["HTTPS://example.org/x"]), "percent host": one(urls=["https://a%2f/x"]),
    **{f"name {n!r}": one(name=n) for n in (
        "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a:b", "a*", "a?", 'a"', "a<", "a|", " a", "a ", "a.",
        "a/b./c", "a\nb", "\u00e4", "a" * 256, "/".join(["aaa"] * 300), "pratique.lock", "thing/Pratique.Lock",
        "thing/xpratique.lock", "thing-1.0.dist-info/RECORD", "a.DIST-INFO/x/y", "a\0b", 1, None,
        "NUL", "a/con.so", "Aux .tar.gz", "com1/a", "lpt9.x.y", "CONIN$")},
    "member alone": one(member="a"), "no member": one(member_sha256="0" * 64, member_size=1),
    "member up": one(**dict(MEMBER, member="../a")), "member hash": one(**dict(MEMBER, member_sha256="Z" * 64)),
    "platform empty": one(platform=""), "platform dots": one(platform="a..b"), "platform dash": one(platform="a-b"),
    "abi list": one(abi=["none"]), "python": one(python=""), "python dot": one(python="cp311."),
    "twice": two("a.so", "a.so"), "case": two("a/b.so", "A/b.so"), "within": two("a", "a/b"), "within case": two("A", "a/b"),
    "key twice": json.dumps(GOOD)[:-1].encode() + b', "version": "1.0"}',
    "key twice within": json.dumps(GOOD).replace('"size": 1', '"size": 1, "size": 1').encode(),
    "key escaped twice": json.dumps(GOOD).replace('"size": 1', '"size": 1, "siz\\u0065": 1').encode(),
    "signature": one(signature="x"), "signature more": one(signature={"key": "a", "value": "b", "c": "d"}),
    "surrogate": json.dumps(GOOD).replace("thing/", "\\ud800/").encode(),
}


def as_bytes(content):
    content = as_text(content)
    return content if isinstance(content, bytes) else content.encode()


def reads(data):
    try:
        _lock.parse(data)
    except _lock.LockError:
        return False
    return True


def program_reads(folder, data):
    put(folder, {"pratique.lock": data})
    done = _tap.run("lock", "--check", f"{folder}/pratique.lock")
    assert done.returncode in (0, 2), (done.returncode, done.stderr)
    return done.returncode == 0


@test
def good_locks_are_read_and_bad_ones_are_not():
    for want, cases in ((True, GOOD_ONES), (False, BAD_ONES)):
        for what, content in cases.items():
            equal(reads(as_bytes(content)), want, what)


@test
def the_program_reads_them_the_same():
    with tempfile.TemporaryDirectory() as folder:
        for want, cases in ((True, GOOD_ONES), (False, BAD_ONES)):
            for what, content in cases.items():
                equal(program_reads(folder, as_bytes(content)), want, what)


@test
def the_corpus_of_the_program_is_read_the_same():
    for path in sorted((ROOT / "tests/fuzz/corpus/lock").iterdir()):
        if path.name.startswith(("y_", "n_")) and path.name != "n_signature":  # which is looked into in C alone
            equal(reads(path.read_bytes()), path.name.startswith("y_"), path.name)


@test
def a_hash_from_elsewhere_is_told_as_what_it_is():
    for key in ("sha256_url", "checksums", "manifest_url", "SHA256SUMS"):
        try:
            _lock.parse(as_bytes(lock(dict(entry("a.so", DATA), **{key: "https://example.org/SUMS"}))))
        except _lock.LockError as e:
            assert "circular" in str(e), e
        else:
            raise AssertionError(key)


@test
def changed_locks_are_read_as_the_program_does():
    """Random changes of good locks: neither takes what the other does not."""
    rng = random.Random(7)
    seeds = [as_bytes(c) for name, c in GOOD_ONES.items() if name != "1024 files"]
    with tempfile.TemporaryDirectory() as folder:
        for n in range(250):
            data = bytearray(rng.choice(seeds))
            for _ in range(rng.randint(1, 2)):
                at = rng.randrange(len(data))
                if rng.random() < 0.6:
                    data[at] = rng.choice(b'"{}[]:,0aA/.\\ \n\x00\x80\xc3-e#@')
                elif rng.random() < 0.5:
                    del data[at:at + rng.randint(1, 4)]
                else:
                    data[at:at] = rng.choice([b'"', b",", b"0", b"\\u0041", b"..", b" ", b"\xc3\xa4"])
            equal(reads(bytes(data)), program_reads(folder, bytes(data)), bytes(data))


PLATFORMS = ["any", "linux_x86_64", "linux_aarch64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64", "manylinux1_x86_64",
             "manylinux2014_x86_64", "manylinux_3_0_x86_64", "musllinux_1_2_x86_64", "musllinux_1_1_x86_64", "win_amd64",
             "macosx_10_9_x86_64", "macosx_11_0_arm64", "macosx_11_0_universal2", "macosx_14_0_universal2",
             "manylinux_2_5_x86_64.manylinux1_x86_64", "linux_x86_64.win_amd64"]
ABIS = ["none", "abi3", "cp311", "cp312", "cp313t", "cp311.cp312", "none.abi3", "pp310"]
PYTHONS = [None, "py3", "py2.py3", "cp39", "cp311", "cp312", "py2", "py310", "cp39.cp312", "cp313", "cp3", "cp313t", "x"]
TARGETS = ["manylinux_2_36_x86_64", "manylinux_2_17_x86_64", "linux_x86_64", "musllinux_1_2_x86_64", "win_amd64",
           "macosx_12_0_arm64", "macosx_10_15_x86_64", "macosx_14_0_x86_64", "linux_aarch64"]


@test
def the_program_chooses_the_same_entries():
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        for n in range(150):
            entries, seen = [], set()
            for i in range(rng.randint(1, 12)):
                tags = (rng.choice("ab"), rng.choice(PLATFORMS), rng.choice(ABIS), rng.choice(PYTHONS))
                if tags in seen:
                    continue
                seen.add(tags)
                more = {} if tags[3] is None else {"python": tags[3]}
                entries.append(entry(f"{tags[0]}.so", DATA, platform=tags[1], abi=tags[2], urls=["file:absent"],
                                     **dict(more, sha256=f"{i:064x}")))
            target = _target.Target(rng.choice(TARGETS), rng.choice(["cp311", "cp312", "cp313t", "cp39", "pp310", "cp310"]))
            data = as_bytes(lock(*entries))
            want = {e.name: e for e in _target.best(_lock.parse(data).files, target).values()}
            put(folder, {"pratique.lock": data})
            done = subprocess.run([PROGRAM, "fetch", "--lock", f"{folder}/pratique.lock", "--platform", target.platform,
                                   "--python", target.python, "--cache", f"{folder}/cache", "--offline", "--format",
                                   "json"], capture_output=True, timeout=60)
            got = {f["name"]: f["sha256"] for f in json.loads(done.stdout)["files"]}
            rank = {e.name: _target._rank(e, target) for e in want.values()}
            equal(sorted(got), sorted(want), (target, entries, done.stderr))
            for name, digest in got.items():  # of two that are equally good either will do
                chosen = next(e for e in _lock.parse(data).files if (e.name, e.sha256) == (name, digest))
                equal(_target._rank(chosen, target), rank[name], (target, chosen, want[name]))


@test
def this_machine_is_the_same_to_both():
    if not pathlib.Path(PROGRAM).exists() or not _target.here().platform.startswith("manylinux"):
        raise Skip("not a system of glibc")
    with tempfile.TemporaryDirectory() as folder:
        put(folder, {"pratique.lock": one(platform="win_amd64"), })
        done = _tap.run("fetch", "--lock", f"{folder}/pratique.lock", "--cache", f"{folder}/cache", "--offline")
        assert _target.here(exact=True).platform in done.stderr.decode(), done.stderr
