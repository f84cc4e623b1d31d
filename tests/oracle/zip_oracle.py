"""Python's zipfile, and the archivers at hand, against our zip reader.

Whatever zipfile reads as a member's content, of our golden archives and of
honest ones, must be among what our reader hands on to be inspected; and honest
archives must cause nothing graver than LOW.

Usage: zip_oracle.py [FILE...]    more archives to compare, taken as honest;
PRATIQUE_UNIT names the built unit tests (build/asan/unit).
"""
import glob
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipapp
import zipfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/golden"))
sys.dont_write_bytecode = True
import make_zip as mz  # noqa: E402

UNIT = os.environ.get("PRATIQUE_UNIT", os.path.join(ROOT, "build/asan/unit"))
LOW = 1
LIARS = int(os.environ.get("PRATIQUE_ZIP_LIARS", 600))  # archives with random lies
TEXT = b"the quick brown fox jumps over the lazy dog\n" * 40
tests = 0


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - zip oracle: {name}{note and ' # ' + note}")


class Unseekable(io.RawIOBase):
    """A stream that zipfile can only write forward to, so that it leaves data descriptors."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)

    def close(self):
        self.file.close()
        super().close()


def by_zipfile(folder):
    methods = {"stored": 0, "deflate": 8, "bzip2": 12, "lzma": 14}
    for name, method in methods.items():
        path = os.path.join(folder, f"py-{name}.zip")
        with zipfile.ZipFile(path, "w", method) as z:
            z.writestr("a.txt", TEXT)
            z.writestr("d/", b"")
            z.writestr("d/é.txt", os.urandom(3000))
            z.writestr("empty", b"")
            z.comment = b"a comment"
        path = os.path.join(folder, f"py-stream-{name}.zip")
        with Unseekable(path) as raw, zipfile.ZipFile(raw, "w", method) as z:
            z.writestr("a.txt", TEXT)
            z.writestr("b.txt", b"b")
            with z.open("big", "w", force_zip64=True) as f:
                f.write(TEXT)
    with zipfile.ZipFile(os.path.join(folder, "py-zip64.zip"), "w") as z, \
            z.open("big", "w", force_zip64=True) as f:
        f.write(TEXT)
    with zipfile.ZipFile(os.path.join(folder, "py-append.zip"), "w") as z:
        z.writestr("a.txt", TEXT)
    with zipfile.ZipFile(os.path.join(folder, "py-append.zip"), "a") as z:
        z.writestr("b.txt", TEXT[:99])
    with zipfile.ZipFile(os.path.join(folder, "py-empty.zip"), "w") as z:
        pass
    with zipfile.ZipFile(os.path.join(folder, "py-nested.zip"), "w") as z:
        z.write(os.path.join(folder, "py-stream-stored.zip"), "inner.zip")
        z.write(os.path.join(folder, "py-deflate.zip"), "other.zip")
    with zipfile.ZipFile(os.path.join(folder, "py-many.zip"), "w", 8) as z:
        for i in range(3000):
            z.writestr(f"d{i % 17}/f{i}.txt", TEXT[: i % 300 + 1])
    source = os.path.join(folder, "app")
    os.mkdir(source)
    with open(os.path.join(source, "__main__.py"), "w") as f:
        f.write("print('pratique-fixture')\n")
    zipapp.create_archive(source, os.path.join(folder, "py-app.zip"), "/usr/bin/env python3")


def by_archivers(folder):
    """Info-ZIP, 7-Zip and jar, those that are here."""
    source = os.path.join(folder, "tree")
    os.makedirs(os.path.join(source, "d/e"))
    for name, data in (("a.txt", TEXT), ("d/b.bin", os.urandom(5000)), ("d/e/é.txt", b"x"), ("empty", b"")):
        with open(os.path.join(source, name), "wb") as f:
            f.write(data)
    os.symlink("a.txt", os.path.join(source, "link"))
    commands = {
        "zip": ["zip", "-qr", "OUT", "."], "zip-links": ["zip", "-qry", "OUT", "."],
        "zip-store": ["zip", "-qr0", "OUT", "."], "zip-zip64": ["zip", "-qr", "-fz", "OUT", "."],
        "zip-descriptors": ["zip", "-qr", "-fd", "OUT", "."],
        "7z": ["7z", "a", "-bd", "-tzip", "OUT", "."], "7z-lzma": ["7z", "a", "-bd", "-tzip", "-mm=LZMA", "OUT", "."],
        "7z-bzip2": ["7z", "a", "-bd", "-tzip", "-mm=BZip2", "OUT", "."],
        "jar": ["jar", "cf", "OUT", "."], "jar-store": ["jar", "c0f", "OUT", "."],
    }
    for name, command in commands.items():
        if shutil.which(command[0]):
            out = os.path.join(folder, name + ".zip")
            subprocess.run([out if w == "OUT" else w for w in command], cwd=source, check=True,
                           stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})


def random_member(r, name):
    """A member whose headers lie in one or two ways, half of the time."""
    data = bytes(r.choices(b"abcdefgh\n", k=r.randint(1, 60)))
    method = r.choice([mz.STORED, mz.STORED, mz.DEFLATE, mz.DEFLATE, mz.BZIP2])
    raw, lies = mz.pack(method, data), {}
    sizes = [0, 1, 5, len(data), len(raw), len(raw) + 4, len(raw) + 90, mz.ONES]
    for _ in range(r.choice([0, 0, 1, 2])):
        key = r.choice(["local_csize", "local_usize", "csize", "usize", "method", "local_method", "flags",
                        "local_flags", "crc", "local_crc", "name", "local_name", "extra", "local_extra", "offset",
                        "after", "before", "no_central", "no_local", "comment"])
        if key.endswith("size"):
            lies[key] = r.choice(sizes)
        elif key.endswith("method"):
            lies[key] = r.choice([0, 8, 12, 98])
        elif key.endswith("flags"):
            lies[key] = r.choice([1, 8, 9, 0x40, 0x800, 0x2000])
        elif key.endswith("crc"):
            lies[key] = r.choice([0, 1, zlib.crc32(data)])
        elif key.endswith("name"):
            lies[key] = r.choice([b"m/other.pkl", b"m/data.pkl", b"m/data/0", b"x\0y"])
        elif key.endswith("extra"):
            lies[key] = r.choice([b"\0", mz.zip64_extra(len(data), len(raw)), mz.zip64_extra(3, 3, 0),
                                  mz.zip64_extra(len(raw))])
        elif key == "offset":
            lies[key] = r.choice([0, 3, 40, 1 << 30])
        elif key.startswith("no_"):
            lies[key] = r.random() < 0.5
        elif key == "after":
            lies[key] = mz.descriptor(data, len(raw), r.random() < 0.5, r.random() < 0.5)
        else:
            lies[key] = r.choice([b"junk", mz.M("h", b"hidden content").local(), mz.PLAIN, b"x" * 22])
    make = mz.streamed if not lies and r.random() < 0.3 else mz.Member
    layout = {k: lies.pop(k) for k in list(lies) if k in ("before", "after", "no_central", "no_local")}
    member = make(name, data, method, **layout)
    member.lies.update(lies)
    return member


def random_archive(seed):
    r = random.Random(seed)
    names = ["m/data.pkl", "m/version", "m/byteorder", "m/a.txt", "m/b.txt"]
    members = [random_member(r, n) for n in names[:r.randint(2, 5)]]
    options = {}
    for _ in range(r.choice([0, 0, 1, 2])):
        key = r.choice(["prefix", "gap", "suffix", "comment", "more", "zip64", "shift", "count", "size", "offset"])
        if key in ("prefix", "gap", "suffix", "comment", "more"):
            options[key] = r.choice([b"junk", mz.PLAIN, mz.SECOND.local(), mz.SECOND.central(0), mz.end(1, 53, 0)])
        elif key == "zip64":
            options[key] = r.choice([{}, {"offset": 0}, {"size": 53}, {"count": 1}, {"locator": 0}])
        elif key == "shift":
            options[key] = False
        else:
            options[key] = r.choice([0, 1, 53, 106, 0xFFFF])
    data = bytearray(mz.archive(*members, **options))
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        data[r.randrange(len(data))] = r.choice([0, 1, 8, 255, r.randrange(256)])
    if r.random() < 0.1:
        at = r.randrange(len(data))
        data[at:at] = r.choice([b"x", mz.PLAIN, mz.end(1, 53, 0)])
    return bytes(data)


def by_liars(folder):
    for i in range(LIARS):
        with open(os.path.join(folder, f"liar-{i}.zip"), "wb") as f:
            f.write(random_archive(i))


def read(path):
    """(size, CRC) of each member that zipfile reads, with content; not of tensors' bodies."""
    found = []
    try:
        with zipfile.ZipFile(path) as z:
            for info in z.infolist():
                if info.filename == "m/data/0":
                    continue
                try:
                    data = z.open(info).read()
                except Exception:
                    continue  # what zipfile does not read need not be compared
                if data:
                    found.append((len(data), zlib.crc32(data)))
    except Exception:
        pass
    return found


def scan(paths):
    """What our reader hands on, and says: path -> (set of (size, CRC), facts, status)."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as f:
        f.write("".join(p + "\n" for p in paths))
        f.flush()
        out = subprocess.run([UNIT, "for_the_oracle"], env={**os.environ, "PRATIQUE_ZIP_LIST": f.name},
                             stdout=subprocess.PIPE, check=True, text=True, errors="replace").stdout
    answers = {}
    for line in out.splitlines():
        kind, _, rest = line[2:].partition(" ")
        if kind == "scan":
            path, _, status = rest.rpartition(" ")
            handed, facts = set(), {}
            answers[path] = handed, facts, int(status)
        elif kind == "pass":
            size, crc = rest.split()
            handed.add((int(size), int(crc, 16)))
        elif kind == "fact":
            name, severity = rest.rsplit(" ", 1)
            facts[name] = int(severity)
    return answers


def missed(path, answer):
    """The members that zipfile reads and our reader did not hand on."""
    members, handed = read(path), answer[0]
    lost = [m for m in members if m not in handed]
    if lost:
        print(f"# {path}: {len(lost)} of {len(members)} members: {lost[:3]}")
    return members, lost


def check(path, answer, honest):
    members, lost = missed(path, answer)
    grave = {k: v for k, v in answer[1].items() if v > LOW}
    if honest and (grave or answer[2]):
        print(f"# {os.path.basename(path)}: {grave}, status {answer[2]}")
    name = os.path.relpath(path, ROOT) if path.startswith(ROOT) else os.path.basename(path)
    ok(not lost and not (honest and (grave or answer[2])),
       name + (": inspected, and found honest" if honest else ": what zipfile reads is inspected"))
    return len(members)


def main():
    if not os.path.exists(UNIT):
        return ok(True, "not run", "skip: the unit tests are not built")
    warnings.simplefilter("ignore")
    golden = sorted(glob.glob(os.path.join(ROOT, "tests/golden/ZIP*/*.zip")))
    with tempfile.TemporaryDirectory() as folder:
        by_zipfile(folder)
        by_archivers(folder)
        honest = sorted(glob.glob(os.path.join(folder, "*.zip"))) + [os.path.abspath(p) for p in sys.argv[1:]]
        by_liars(folder)
        liars = [os.path.join(folder, f"liar-{i}.zip") for i in range(LIARS)]
        answers = scan(golden + honest + liars)
        compared = sum(check(p, answers[p], p in honest) for p in golden + honest)
        results = [missed(p, answers[p]) for p in liars]
        ok(not any(lost for _, lost in results), f"{LIARS} archives with random lies: what zipfile reads is inspected")
        print(f"# {compared + sum(len(m) for m, _ in results)} members compared")


main()
