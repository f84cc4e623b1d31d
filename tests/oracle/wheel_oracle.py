"""pip against our installation of wheels, over small wheels made here, honest and bent.

What pip installs we install: the same files, modes and contents, the same RECORD; what pip
refuses we refuse. Where we are stricter the reason is one of STRICT. Tags are compared with
pip's own list for the running interpreter. Without pip at hand (installed, or as ensurepip
has it) the test is skipped.

Usage: wheel_oracle.py [CASES [SEED]]; WHEEL_TOOL names the built program.
"""
import base64
import csv
import glob
import hashlib
import logging
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import warnings
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.environ.get("WHEEL_TOOL", os.path.join(ROOT, "build/asan/wheel"))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 60
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
PYTHON = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
SITE = f"lib/python{VERSION}/site-packages"
INFO = "pkg-1.0.dist-info/"
RECORD = f"{SITE}/{INFO}RECORD"
# pip takes these, and two readers of the file could differ, or the file cannot be told apart.
STRICT = ("it is there twice", "a file and a folder of one name", "names another project",
          "METADATA has no Name", "a link is in its way")
tests = 0


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - wheel oracle: {name}{note and ' # ' + note}")


def find_pip():
    """Makes pip importable; False without one."""
    try:
        import pip  # noqa: F401
    except ImportError:
        import ensurepip
        bundled = glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled/pip-*.whl"))
        bundled += glob.glob("/usr/share/python-wheels/pip-*.whl")
        if not bundled:
            return False
        sys.path.insert(0, bundled[0])
    return True


# ---- wheels ----

def line(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return [name, "sha256=" + digest, str(len(data))]


NAMES = ["a.py", "pkg/__init__.py", "pkg/sub/m.py", "pkg/d,ata.txt", "pkg/q\"uote", "x y.py", "é.py",
         "ns/pkg/__init__.py", "top.pth", "pkg/tool.sh", "a/../b.py", "./c.py", "d//e.py", "b\\s.py"]
DATA = ["purelib/p.py", "platlib/l.py", "scripts/run", "scripts/main", "scripts/main.exe", "data/share/x/d.txt",
        "headers/h.h", "headers/sub/i.h", "data/bin/run", "data/lib64/z.txt", f"data/{SITE}/deep.py",
        "purelib/a.py", "scripts/sub/deep", "scripts/main-script.py", "data/pyvenv.cfg", "scripts/python"]
BAD = ["../up.py", "a/../../up.py", "/abs.py", "pkg-1.0.data/other/x", "pkg-1.0.data/x",
       "pkg-1.0.data/data/../../../x", "pkg-1.0.data/scripts/../../x", "other-1.dist-info/x"]
TEXTS = [b"", b"x = 1\n", b"#!python\nprint()\n", b"#!python3 -u", b"#!pythonw\r\nx\r\n", b"#!/bin/sh\n", b"\0\xff"]
ENTRIES = ["main = pkg.m:go", "other=pkg:a.b [x, y]", "  sp = pkg : f  ", "pip = pkg:p", "pip3.9 = pkg:p", "# c",
           "easy_install = pkg:e", "easy_install-2.7 = pkg:e", "python3 = pkg:f", "main = pkg.again:go"]


def random_files(r):
    files = {n: r.choice(TEXTS) for n in r.sample(NAMES, r.randint(1, 6))}
    files.update({"pkg-1.0.data/" + n: r.choice(TEXTS) for n in r.sample(DATA, r.randint(0, 5))})
    if r.random() < 0.2:
        files[r.choice(BAD)] = b"bad"
    if r.random() < 0.1:
        files["other-1.0.data/data/o.txt"] = b"o"
    files[INFO + "WHEEL"] = r.choice([b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"] * 8 +
                                     [b"Wheel-Version: 1.9\n", b"Wheel-Version: 2.0\n", b"", b"Wheel-Version: x\n"])
    files[INFO + "METADATA"] = b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n"
    if r.random() < 0.6:
        groups = [r.choice(["[console_scripts]", "[gui_scripts]", "[other.group]"])]
        groups += r.sample(ENTRIES, r.randint(0, 5))
        groups += ["[console_scripts]"] + r.sample(ENTRIES, r.randint(0, 2)) if r.random() < 0.3 else []
        files[INFO + "entry_points.txt"] = "\n".join(groups).encode()
    if r.random() < 0.2:
        files[INFO + "INSTALLER"] = b"conda\n"
    return files


def random_record(r, files):
    rows = [line(n, d) for n, d in files.items()] + [[INFO + "RECORD", "", ""]]
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        row = r.choice(rows)
        bent = r.choice([lambda: rows.remove(row) if len(rows) > 1 else None,
                         lambda: rows.append(["gone.py", "sha256=x", "1"]), lambda: rows.append(row[:1]),
                         lambda: row.__setitem__(slice(1, 3), ["", ""]), lambda: row.append("more"),
                         lambda: rows.append(list(row))])
        bent()
    return rows


def write_wheel(path, r):
    files = random_files(r)
    text = "".join(",".join('"' + f.replace('"', '""') + '"' if r.random() < 0.1 or set(f) & set(',"') else f
                            for f in row) + r.choice(["\n", "\n", "\r\n"]) for row in random_record(r, files))
    if r.random() > 0.03:
        files[INFO + "RECORD"] = text.encode()
    with zipfile.ZipFile(path, "w") as z:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = r.choice([0, 8, 8, 12, 14])
            kind = r.choice([stat.S_IFREG] * 9 + [0, stat.S_IFLNK])
            info.external_attr = (kind | r.choice([0o644, 0o755, 0o600, 0o4711])) << 16
            z.writestr(info, data)
        for name in ("empty/", "pkg/"):
            if r.random() < 0.2:
                z.writestr(name, b"")


# ---- the two installations ----

def skeleton(top):
    for folder in ("bin", SITE, f"include/site/python{VERSION}"):
        os.makedirs(os.path.join(top, folder))
    os.symlink("lib", os.path.join(top, "lib64"))
    for name, target in (("python", PYTHON), ("python3", "python"), ("python" + VERSION, "python")):
        os.symlink(target, os.path.join(top, "bin", name))
    with open(os.path.join(top, "pyvenv.cfg"), "w") as f:
        f.write("skeleton\n")


def tree(top):
    found = {}
    for folder, _, files in os.walk(top):
        for name in files:
            path = os.path.join(folder, name)
            where = os.path.relpath(path, top)
            if os.path.islink(path):
                continue
            with open(path, "rb") as f:
                found[where] = (oct(os.stat(path).st_mode & 0o7777), f.read())
    if found.get("pyvenv.cfg", (0, b""))[1].startswith((b"skeleton", b"home = ")):
        del found["pyvenv.cfg"]
    return found


def by_pip(wheel, top):
    """The tree, or why not."""
    from pip._internal.models.scheme import Scheme
    from pip._internal.operations.install.wheel import install_wheel
    skeleton(top)
    site = os.path.join(top, SITE)
    scheme = Scheme(platlib=site, purelib=site, headers=os.path.join(top, f"include/site/python{VERSION}/pkg"),
                    scripts=os.path.join(top, "bin"), data=top)
    saved, sys.executable = sys.executable, os.path.join(top, "bin/python")
    try:
        install_wheel("pkg", wheel, scheme, "pkg", pycompile=False, warn_script_location=False, requested=True)
    except Exception as e:  # whatever pip dies of, it has not installed it
        return f"{type(e).__name__}: {e}"
    finally:
        sys.executable = saved
    return tree(top)


def by_us(wheel, top):
    os.mkdir(top)
    run = subprocess.run([TOOL, "install", PYTHON, wheel, top], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, errors="replace")
    if run.returncode == 1 and run.stdout.splitlines()[-1].startswith("error -3 "):
        return run.stdout.splitlines()[-1]
    if run.returncode:
        raise SystemExit(f"{wheel}: {run.returncode} {run.stdout} {run.stderr}")
    return tree(top)


def rows_of(text, generated):
    """RECORD's rows, without the hashes of what is generated."""
    rows = csv.reader(text.replace("../../../lib64/", "../../../lib/").splitlines())
    return sorted(set(tuple(row[:1] if row[0] in generated else row) for row in rows))


def plain(files, top):
    """Scripts that were generated by what they call, RECORD by its rows."""
    out, generated = {}, set()
    for path, (mode, data) in files.items():
        data = data.replace(b"#!/bin/sh\n'''exec' " + top.encode() + b"/bin/python \"$0\" \"$@\"\n' '''",
                            b"#!" + top.encode() + b"/bin/python")
        if data.startswith(b"#!" + top.encode()):
            data = data.replace(top.encode(), b"TOP")
            if b"sys.exit(" in data:
                data = sorted(x.strip() for x in data.splitlines() if b"sys.exit(" in x or x.startswith(b"from "))
            generated.add(os.path.relpath(path, SITE))
        out[path] = (mode, data)
    out[RECORD] = (files[RECORD][0], rows_of(files[RECORD][1].decode(), generated))
    return out


def first_difference(a, b):
    if isinstance(a, tuple) and isinstance(b, tuple) and isinstance(a[1], list) and isinstance(b[1], list):
        return f"{[x for x in a[1] if x not in b[1]][:3]} | {[x for x in b[1] if x not in a[1]][:3]}"
    return f"{str(a)[:300]} | {str(b)[:300]}"


def has_doubles(wheel):
    """Whether RECORD names a file twice: what pip makes of that depends on their order."""
    with zipfile.ZipFile(wheel) as z:
        names = [row[0] for row in csv.reader(z.read(INFO + "RECORD").decode().splitlines())]
    return len(names) != len(set(names))


def differs(theirs, ours, tops, wheel):
    """What differs, in a line; "" when nothing does."""
    if isinstance(theirs, str) or isinstance(ours, str):
        if isinstance(theirs, str) and isinstance(ours, str):
            return ""
        if isinstance(ours, str) and any(s in ours for s in STRICT):
            return ""
        return f"pip: {theirs if isinstance(theirs, str) else 'installs'}; " \
               f"we: {ours if isinstance(ours, str) else 'install'}"
    theirs, ours = plain(theirs, tops[0]), plain(ours, tops[1])
    if has_doubles(wheel):
        del theirs[RECORD], ours[RECORD]
    bad = [p for p in set(theirs) | set(ours) if theirs.get(p) != ours.get(p)]
    return "; ".join(f"{p}: {first_difference(theirs.get(p), ours.get(p))}" for p in sorted(bad)[:2])


def compare_wheels(folder):
    wheel, installed, bad = os.path.join(folder, "pkg-1.0-py3-none-any.whl"), 0, []
    tops = [os.path.join(folder, "pip"), os.path.join(folder, "own")]
    for i in range(CASES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            write_wheel(wheel, random.Random(SEED * 1000003 + i))
        theirs, ours = by_pip(wheel, tops[0]), by_us(wheel, tops[1])
        installed += not isinstance(ours, str)
        difference = differs(theirs, ours, tops, wheel)
        if difference:
            bad.append(f"case {i}: {difference}")
        for top in tops:
            shutil.rmtree(top)
    for note in bad[:8]:
        print("# " + note)
    ok(not bad, f"{CASES} wheels, {installed} of them installed, as pip does", bad[0][:100] if bad else "")
    ok(installed > CASES // 3, "most wheels can be installed")


# ---- tags ----

def compare_tags():
    from pip._internal.utils.compatibility_tags import get_supported
    from pip._vendor.packaging import tags
    r = random.Random(SEED)
    known = set(get_supported())
    minor = sys.version_info[1]
    platforms = ["any", "linux_x86_64", "linux_i686", "win_amd64", "macosx_11_0_arm64", "musllinux_1_2_x86_64",
                 "manylinux1_x86_64", "manylinux2010_x86_64", "manylinux2014_x86_64", "manylinux2014_aarch64"]
    platforms += [f"manylinux_2_{n}_x86_64" for n in (0, 4, 5, 11, 17, 28, 31, 34, 35, 36, 37, 39, 50)]
    pythons = ["py3", "py2", "py", "cp3", "pp39", "py30"] + [f"{k}3{m}" for k in ("py", "cp") for m in
                                                            (1, 2, 3, 8, minor - 1, minor, minor + 1)]
    abis = ["none", "abi3", f"cp3{minor}", f"cp3{minor}t", f"cp3{minor - 1}", "cp3", f"cp3{minor}d"]
    cases = [(p, a, s) for p in pythons for a in abis for s in platforms]
    cases += [(".".join(r.sample(pythons, 2)), ".".join(r.sample(abis, 2)), ".".join(r.sample(platforms, 3)))
              for _ in range(300)]
    names = [f"a-1-{p}-{a}-{s}.whl" for p, a, s in cases]
    run = subprocess.run([TOOL, "fit", PYTHON, *names], stdout=subprocess.PIPE, text=True, check=True)
    got = [answer == "fits" for answer in run.stdout.splitlines()]
    want = [bool(tags.parse_tag(f"{p}-{a}-{s}") & known) for p, a, s in cases]
    bad = [n for n, g, w in zip(names, got, want) if g != w]
    ok(len(got) == len(want) and not bad, f"{len(names)} tags, {sum(want)} of them fit", ", ".join(bad[:6]))


def main():
    if not find_pip():
        print("ok 1 - wheel oracle # SKIP there is no pip")
        return
    os.umask(0o022)
    logging.disable(logging.CRITICAL)
    if os.uname().machine == "x86_64":
        compare_tags()
    with tempfile.TemporaryDirectory() as folder:
        compare_wheels(os.path.realpath(folder))
    print(f"1..{tests}")


main()
