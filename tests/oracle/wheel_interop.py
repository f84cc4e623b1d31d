"""pip against our installation of wheels: real ones, fetched by pip.

Each wheel of tests/oracle/wheels.txt is installed by pip into an environment of its own, and
by us into another; the trees, modes, contents, links' absence, RECORD and what scripts run
must be the same, and nothing may be told of wheels that are in order. What we list as modules
must be what importlib finds.

Usage: wheel_interop.py [WHEEL...]   other wheels instead; WHEEL_TOOL names the built program.
"""
import csv
import glob
import importlib.machinery
import importlib.metadata
import keyword
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.environ.get("WHEEL_TOOL", os.path.join(ROOT, "build/asan/wheel"))
PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
SITE = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
tests = 0


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - wheel: {name}{note and ' # ' + note}")


def tree(top):
    """Path below top -> (mode, content or link's target)."""
    found = {}
    for folder, dirs, files in os.walk(top):
        for name in files + [d for d in dirs if os.path.islink(os.path.join(folder, d))]:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                found[os.path.relpath(path, top)] = ("link", os.readlink(path))
            else:
                with open(path, "rb") as f:
                    found[os.path.relpath(path, top)] = (oct(os.stat(path).st_mode & 0o777), f.read())
    return found


def rows(text):
    return sorted(csv.reader(text.decode().splitlines()))


def made_by_pip(wheel, top):
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", top], check=True)
    before = tree(top)
    subprocess.run([sys.executable, "-m", "pip", "--python", os.path.join(top, "bin/python"), "install",
                    "-q", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", wheel],
                   check=True)
    after = tree(top)
    return {p: v for p, v in after.items() if before.get(p) != v}


def made_by_us(wheel, top):
    os.mkdir(top)
    run = subprocess.run([TOOL, "install", PYTHON, wheel, top], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    lines = [line.partition(" ")[::2] for line in run.stdout.splitlines()]
    skeleton = {"pyvenv.cfg", "lib64"} | {f"bin/python{v}" for v in
                                          ("", "3", f"3.{sys.version_info[1]}")}
    return lines, {p: v for p, v in tree(top).items() if p not in skeleton}, run.stdout[:300]


def is_wrapper(content):
    return b"sys.exit(" in content and content.startswith(b"#!")


def same_file(path, theirs, ours):
    """Generated scripts are in our own words: the first line and the function must agree."""
    if theirs == ours:
        return True
    if not (path.startswith("bin/") and is_wrapper(theirs[1]) and is_wrapper(ours[1])):
        return False
    calls = [[line.strip() for line in c.splitlines() if b"sys.exit(" in line or line.startswith(b"from ")]
             for c in (theirs[1], ours[1])]
    return theirs[0] == ours[0] and calls[0] == calls[1]


def compare(name, theirs, ours, tops):
    theirs = {p: (m, c.replace(tops[0].encode(), tops[1].encode()) if p.startswith("bin/") else c)
              for p, (m, c) in theirs.items() if not p.endswith("/direct_url.json")}
    record = next(p for p in theirs if p.endswith(".dist-info/RECORD"))
    ok(set(theirs) == set(ours), f"{name}: {len(theirs)} files, the same ones",
       ", ".join(sorted(set(theirs) ^ set(ours))[:5]))
    bad = [p for p in theirs if p in ours and p != record and not same_file(p, theirs[p], ours[p])]
    ok(not bad, f"{name}: the same modes and contents", ", ".join(bad[:5]))
    if record not in ours:
        return
    scripts = {os.path.relpath(p, SITE) for p in theirs if p.startswith("bin/")}
    want = [r for r in rows(theirs[record][1]) if not r[0].endswith("/direct_url.json")]
    got = rows(ours[record][1])
    loose = [[r if r[0] not in scripts else r[:1] for r in rs] for rs in (want, got)]
    ok(loose[0] == loose[1], f"{name}: RECORD", str([r for r in want if r not in got][:3]))
    ok(b"\r\n" in theirs[record][1] and b"\r\n" in ours[record][1], f"{name}: RECORD's line ends")


def modules_of(site):
    """What FileFinder would find, walked by its own rules."""
    suffixes = sorted(importlib.machinery.all_suffixes(), key=len, reverse=True)
    roots, below = set(), set()

    def walk(folder, prefix, inside):
        here = {}
        for entry in os.scandir(folder):
            if entry.is_dir():
                if entry.name.isidentifier() and entry.name != "__pycache__":
                    regular = any(os.path.exists(os.path.join(entry.path, "__init__" + s)) for s in suffixes)
                    here.setdefault(entry.name, {})["package" if regular else "folder"] = entry.path
                continue
            for s in suffixes:
                if entry.name.endswith(s):
                    stem = entry.name[:-len(s)]
                    if stem.isidentifier() and stem != "__init__":
                        here.setdefault(stem, {})["module"] = entry.path
                    break
        for name, kinds in here.items():
            if keyword.iskeyword(name):
                continue
            full = prefix + name
            if "package" in kinds:
                (below if inside else roots).add(full)
                walk(kinds["package"], full + ".", True)
            elif "module" in kinds:
                (below if inside else roots).add(full)
            else:
                walk(kinds["folder"], full + ".", inside)

    walk(site, "", False)
    return roots, below


def entry_modules(site):
    found = importlib.metadata.distributions(path=[site])
    return {e.module for d in found for e in d.entry_points}


def one(wheel, folder):
    name = os.path.basename(wheel).split("-")[0]
    tops = [os.path.join(folder, name + "-pip"), os.path.join(folder, name + "-own")]
    theirs = made_by_pip(wheel, tops[0])
    lines, ours, said = made_by_us(wheel, tops[1])
    ok(not any(k in ("told", "error") for k, _ in lines), f"{name}: nothing is told", said if "told" in said else "")
    compare(name, theirs, ours, tops)
    roots, below = modules_of(os.path.join(tops[1], SITE))
    got = [{v for k, v in lines if k == kind} for kind in ("module", "submodule")]
    customize = {"sitecustomize", "usercustomize"}
    asked = entry_modules(os.path.join(tops[1], SITE))  # they may be anybody's
    ok(got[0] == (roots | asked) - customize and got[1] == below - asked,
       f"{name}: {len(got[0])} and {len(got[1])} modules",
       str((got[0] ^ (roots | asked)) | (got[1] ^ (below - asked)))[:200] if got[1] != below - asked else "")
    shutil.rmtree(tops[0])
    shutil.rmtree(tops[1])


def fetch(folder):
    with open(os.path.join(ROOT, "tests/oracle/wheels.txt")) as f:
        wanted = [line.strip() for line in f if line.strip() and not line.startswith("#")]
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
                    "--disable-pip-version-check", "-d", folder, *wanted], check=True)
    return sorted(glob.glob(os.path.join(folder, "*.whl")))


def main():
    os.umask(0o022)
    if not os.path.exists(TOOL):
        subprocess.run(["make", "-s", "-C", ROOT, "VARIANT=asan", "wheel"], check=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for wheel in sys.argv[1:] or fetch(folder):
            one(wheel, folder)
    print(f"1..{tests}")


main()
