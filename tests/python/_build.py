"""pratique.build: what the lock pins is in the wheel; what is not as pinned makes no wheel."""

import base64
import contextlib
import csv
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

from _kit import (ARCH, HERE, PROGRAM, ROOT, Skip, entry, equal, lock, module, plain, put, test)
from _pythons import PYTHONS

# A backend in the source tree that zips src/: what most tests need of one.
TINY = '''
import os, tarfile, zipfile
def files():
    return sorted(os.path.join(d, n) for d, _, ns in os.walk("src") for n in ns if not n.endswith((".pyc", ".in")))
def build_wheel(folder, config_settings=None, metadata_directory=None):
    print("settings", config_settings)
    name = "thing-1.0-" + os.environ.get("TINY_TAGS", "py3-none-any") + ".whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as z:
        for f in files():
            z.write(f, os.path.relpath(f, "src"))
        z.writestr("thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: thing\\nVersion: 1.0\\n")
        z.writestr("thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\n"
                   "Tag: py3-none-any\\n")
        z.writestr("thing-1.0.dist-info/RECORD", "")
    return name
def build_sdist(folder, config_settings=None):
    with tarfile.open(os.path.join(folder, "thing-1.0.tar.gz"), "w:gz") as t:
        for f in ["pyproject.toml", *files()]:
            if os.environ.get("TINY_SDIST") != "bare" or f.endswith((".py", ".toml")):
                t.add(f, "thing-1.0/" + f)
    return "thing-1.0.tar.gz"
'''
PYPROJECT = '''
[build-system]
requires = []
build-backend = "pratique.build"

[project]
name = "thing"
version = "1.0"
description = "a thing"

[tool.pratique]
backend = "{}"
{}
'''
CALL = ("import json, sys, pratique.build as b\n"
        "name, args, out = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]\n"
        "made = getattr(b, name)(*args)\nopen(out, 'w').write(json.dumps(made))")


def tree(folder, entries, backend="tiny", more='backend-path = ["tools"]', files=(), **lock_more):
    return put(folder, {"pyproject.toml": PYPROJECT.format(backend, more), "tools/tiny.py": TINY,
                        "src/thing/__init__.py": "from pratique import native\n",
                        "src/thing/pratique.lock": lock(*entries, **lock_more), **dict(files)})


def pinned(folder, data, name="thing/libthing.so", **more):
    """An entry for data, which lies beside the lock as NAME.in."""
    put(folder, {f"src/thing/{os.path.basename(name)}.in": data})
    return entry(name, data, urls=[f"file:{os.path.basename(name)}.in"], **more)


def call(folder, hook, *args, program=sys.executable, env=None, timeout=120):
    """(what the hook returns or None, everything that it said)."""
    with tempfile.TemporaryDirectory() as room:
        os.symlink(os.path.abspath(PROGRAM), f"{room}/pratique")
        full = {k: v for k, v in os.environ.items() if not k.startswith(("PRATIQUE_", "PYTHON", "SOURCE_DATE"))}
        full.update(PYTHONPATH=str(ROOT / "python"), PYTHONDONTWRITEBYTECODE="1", XDG_CACHE_HOME=f"{room}/cache",
                    PATH=f"{room}:{os.environ['PATH']}")
        full.update(env or {})
        done = subprocess.run([program, "-c", CALL, hook, json.dumps(args), f"{room}/out"], cwd=folder, env=full,
                              capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
        out = pathlib.Path(room, "out")
        made = json.loads(out.read_text()) if out.exists() else None
        return made, done.stdout + done.stderr


def built(folder, **more):
    name, said = call(folder, "build_wheel", "dist", *more.pop("args", ()), **more)
    assert name, said
    return pathlib.Path(folder, "dist", name)


def check_wheel(path):
    """Its files; RECORD must name each with its hash and size, and itself."""
    with zipfile.ZipFile(path) as z:
        files = {i.filename: z.read(i) for i in z.infolist()}
        assert len(files) == len(z.infolist()), "a name twice"
    info = next(n for n in files if n.endswith(".dist-info/RECORD"))
    rows = {r[0]: r[1:] for r in csv.reader(io.StringIO(files[info].decode()))}
    equal(sorted(rows), sorted(files), "RECORD")
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        equal(rows[name], ["", ""] if name == info else [f"sha256={digest}", str(len(data))], name)
    return files


def no_wheel(folder, *words, hook="build_wheel", **more):
    name, said = call(folder, hook, "dist", *more.pop("args", ()), **more)
    equal(name, None, "a wheel was made")
    for word in words:
        assert word in said, f"{word!r} is not in: {said}"
    equal(os.listdir(f"{folder}/dist") if os.path.isdir(f"{folder}/dist") else [], [], "left behind")
    return said


def place():
    return tempfile.TemporaryDirectory(prefix="pratique-build-")


def with_modules(*names):
    """A Python that has these."""
    for program in [sys.executable, *PYTHONS.values(), "/usr/bin/python3"]:
        if subprocess.run([program, "-c", "import " + ", ".join(names)], capture_output=True,
                          env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"}).returncode == 0:
            return program
    raise Skip(f"no Python with {', '.join(names)}")


@test
def the_wheel_holds_the_library_the_lock_and_a_true_record():
    with place() as f:
        tree(f, [pinned(f, plain())])
        wheel = built(f)
        equal(wheel.name, f"thing-1.0-py3-none-linux_{ARCH}.whl")
        files = check_wheel(wheel)
        equal(files["thing/libthing.so"], plain())
        own = pathlib.Path(f, "src/thing/pratique.lock").read_bytes()
        equal((files["thing/pratique.lock"], files["thing-1.0.dist-info/pratique.lock"]), (own, own))
        text = files["thing-1.0.dist-info/WHEEL"].decode().splitlines()
        equal(text, ["Wheel-Version: 1.0", "Generator: tiny", "Root-Is-Purelib: false",
                     f"Tag: py3-none-linux_{ARCH}"])
        equal(os.listdir(f"{f}/dist"), [wheel.name], "left behind")


@test
def the_tags_are_those_of_the_files():
    manylinux = f"manylinux_2_5_{ARCH}.manylinux1_{ARCH}"
    cases = [
        (dict(platform=f"manylinux_2_17_{ARCH}"), f"py3-none-manylinux_2_17_{ARCH}"),
        (dict(platform=manylinux), f"py3-none-{manylinux}"),
        (dict(abi="abi3", python="cp39"), f"cp39-abi3-linux_{ARCH}"),
        (dict(abi=HERE.python, python=HERE.python), f"{HERE.python}-{HERE.python}-linux_{ARCH}"),
        (dict(platform="any"), "py3-none-any"),
    ]
    for more, tags in cases:
        if "manylinux" in tags and "manylinux" not in HERE.platform:
            continue
        with place() as f:
            tree(f, [pinned(f, plain(), **more)])
            wheel = built(f)
            equal(wheel.name, f"thing-1.0-{tags}.whl", more)
            lines = check_wheel(wheel)["thing-1.0.dist-info/WHEEL"].decode().splitlines()
            python, abi, platform = tags.split("-")
            equal(lines[3:], [f"Tag: {python}-{abi}-{p}" for p in platform.split(".")])
    with place() as f:  # two files: what both allow
        tree(f, [pinned(f, plain(), "thing/a.so", platform=f"manylinux_2_5_{ARCH}"),
                 pinned(f, plain("b"), "thing/b.so", platform=f"manylinux_2_17_{ARCH}", abi="abi3", python="cp39")])
        equal(built(f).name, f"thing-1.0-cp39-abi3-manylinux_2_17_{ARCH}.whl")
    with place() as f:  # the wheel has tags of its own
        tree(f, [pinned(f, plain(), platform=f"manylinux_2_5_{ARCH}")])
        own = f"{HERE.python}-{HERE.python}-linux_{ARCH}"
        equal(built(f, env={"TINY_TAGS": own}).name, f"thing-1.0-{own}.whl")


@test
def wheels_of_the_same_content_are_the_same():
    with place() as f:
        tree(f, [pinned(f, plain())])
        seen = set()
        for n, date in enumerate(("", "", "1700000000", "1700000000", "0")):
            os.utime(f"{f}/src/thing/__init__.py", (1500000000 + n * 100, 1500000000 + n * 100))
            seen.add((date, hashlib.sha256(built(f, env={"SOURCE_DATE_EPOCH": date} if date else {})
                                           .read_bytes()).hexdigest()))
        equal(len(seen), 3, seen)
        equal(len({digest for _, digest in seen}), 2, "1980 is the first date of a zip file")
        no_wheel_of = call(f, "build_wheel", "dist2", env={"SOURCE_DATE_EPOCH": "soon"})
        assert no_wheel_of[0] is None and "SOURCE_DATE_EPOCH" in no_wheel_of[1], no_wheel_of


@test
def what_is_not_as_pinned_makes_no_wheel():
    with place() as f:
        tree(f, [pinned(f, plain())])
        put(f, {"src/thing/libthing.so.in": plain("bad", 66)})
        no_wheel(f, "libthing.so")
        put(f, {"src/thing/libthing.so.in": plain()[:-1]})
        no_wheel(f, "libthing.so")
        os.unlink(f"{f}/src/thing/libthing.so.in")
        no_wheel(f, "libthing.so")


@test
def a_library_that_the_backend_took_along_is_checked():
    with place() as f:
        tree(f, [pinned(f, plain())], files={"src/thing/libthing.so": plain("bad", 66)})
        no_wheel(f, "thing/libthing.so", "pinned")
        put(f, {"src/thing/libthing.so": plain()})
        equal(check_wheel(built(f))["thing/libthing.so"], plain())


@test
def a_program_that_brings_something_else_makes_no_wheel():
    with place() as f, place() as g:
        tree(f, [pinned(f, plain())])
        put(g, {"pratique": '#!/bin/sh\n[ "$1" = --version ] && echo "pratique 0.1.0" && exit\n'
                            'mkdir -p "$5/thing"; echo evil > "$5/thing/libthing.so"\n'})
        os.chmod(f"{g}/pratique", 0o755)
        no_wheel(f, "pinned", env={"PATH": f"{g}:{os.environ['PATH']}"})
        put(g, {"pratique": "#!/bin/sh\necho pratique 9.9.9\n"})
        no_wheel(f, "9.9.9", "install the same of both", env={"PATH": f"{g}:{os.environ['PATH']}"})
        no_wheel(f, "nor on PATH", env={"PATH": "/nonexistent"})


@test
def locks_and_settings_that_are_wrong_make_no_wheel():
    good = plain()
    cases = {"is of other": dict(package="other"), "is of thing 2.0": dict(version="2.0"), "extra": dict(extra=1)}
    for word, more in cases.items():
        with place() as f:
            tree(f, [pinned(f, good)], **more)
            no_wheel(f, word)
    with place() as f:
        tree(f, [pinned(f, good, platform="win_amd64")])
        no_wheel(f, "nothing for", HERE.platform, "win_amd64")
    settings = {"nobody.at_all": "requires have it", "pratique.build": "cannot wrap itself", "": "the backend that"}
    for backend, word in settings.items():
        with place() as f:
            tree(f, [pinned(f, good)], backend=backend, more="")
            no_wheel(f, word)
    for more, word in {'backend-path = [".."]': "outside", 'skip = "yes"': "known are",
                       'lock = "../pratique.lock"': "the path of", "lock = 1": "lock"}.items():
        with place() as f:
            tree(f, [pinned(f, good)], more=more)
            no_wheel(f, word)
    with place() as f:
        tree(f, [pinned(f, good)])
        os.unlink(f"{f}/src/thing/pratique.lock")
        no_wheel(f, "no pratique.lock")


@test
def a_disk_that_is_full_or_closed_leaves_nothing():
    with place() as f:
        tree(f, [pinned(f, plain())])
        code = ("import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
                "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n")
        put(f, {"sitecustomize.py": code, "src/thing/data.py": os.urandom(60000).hex()})
        no_wheel(f, env={"PYTHONPATH": f"{ROOT / 'python'}:{f}"})


@test
def a_build_that_is_killed_leaves_no_wheel_that_is_not_whole():
    with place() as f, place() as g:
        os.symlink(os.path.abspath(PROGRAM), f"{g}/pratique")
        tree(f, [pinned(f, plain() + os.urandom(3 << 20))])
        env = dict(os.environ, PYTHONPATH=str(ROOT / "python"), XDG_CACHE_HOME=f"{g}/cache",
                   PATH=f"{g}:{os.environ['PATH']}")
        start = time.monotonic()
        first = hashlib.sha256(built(f, env={"SOURCE_DATE_EPOCH": "0"}).read_bytes()).hexdigest()
        took = time.monotonic() - start
        for n in range(8):
            for path in pathlib.Path(f, "dist").glob("*.whl"):
                path.unlink()
            child = subprocess.Popen([sys.executable, "-c", "import pratique.build as b; b.build_wheel('dist')"], cwd=f,
                                     env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(took * (n + 1) / 7)
            child.kill()
            child.wait()
            for path in pathlib.Path(f, "dist").glob("*.whl"):
                equal(hashlib.sha256(path.read_bytes()).hexdigest(), first, f"killed at {n}")
        equal(hashlib.sha256(built(f).read_bytes()).hexdigest(), first, "and afterwards")


ODD = '''
import os, sys, zipfile
sys.path.insert(0, "tools")
import tiny
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name, what = tiny.build_wheel(folder), os.environ["ODD"]
    path = os.path.join(folder, name)
    if what.startswith("member "):
        with zipfile.ZipFile(path, "a") as z:
            z.writestr(what[len("member "):], "x")
    elif what == "no zip":
        open(path, "w").write("x")
    elif what == "cut":
        os.truncate(path, os.path.getsize(path) - 30)
    elif what == "up":
        os.rename(path, os.path.join(folder, "..", name))
        return "../" + name
    elif what == "absolute":
        return os.path.abspath(path)
    elif what == "folder":
        os.unlink(path)
        os.mkdir(path)
    elif what == "none":
        return None
    elif what == "name":
        os.rename(path, os.path.join(folder, "thing.whl"))
        return "thing.whl"
    elif what == "link":
        os.rename(path, os.path.join(folder, "real"))
        os.symlink("absent", path)
    return name
'''


@test
def backends_that_make_odd_wheels():
    odd = {"member ../x.py": "leads out", "member /x.py": "leads out", "member a/../../x.py": "leads out",
           "member a\\\\x.py": "leads out", "member thing/LibThing.so": "case alone", "no zip": "", "cut": "",
           "absolute": "no file", "folder": "no file", "none": "no file", "name": "not the name of a wheel", "link": "no file",
           "member thing/__init__.py": "twice"}
    with place() as f:
        tree(f, [pinned(f, plain())], backend="odd", files={"tools/odd.py": ODD})
        for what, word in odd.items():
            no_wheel(f, word, env={"ODD": what.replace("\\\\", "\\")})
        name, said = call(f, "build_wheel", "dist", env={"ODD": "up"})
        assert name is None and "no file" in said, said


@test
def settings_go_to_the_backend_and_ours_do_not():
    with place() as f:
        data = plain()
        tree(f, [pinned(f, data, platform="win_amd64", name="thing/thing.dll"),
                 pinned(f, data, platform="macosx_11_0_universal2", name="thing/libthing.dylib")])
        ours = {"pratique-platform": "win_amd64", "pratique-python": "cp312", "theirs": "x"}
        name, said = call(f, "build_wheel", "dist", ours)
        equal(name, "thing-1.0-py3-none-win_amd64.whl", said)
        assert "settings {'theirs': 'x'}" in said, said
        assert "thing/libthing.dylib" not in check_wheel(pathlib.Path(f, "dist", name))
        name, said = call(f, "build_wheel", "dist", {"pratique-platform": "macosx_14_0_arm64"})
        equal(name, "thing-1.0-py3-none-macosx_11_0_universal2.whl", said)


@test
def hooks_that_the_backend_lacks_are_lacking():
    with place() as f:
        tree(f, [pinned(f, plain())])
        code = ("import pratique.build as b\nprint([hasattr(b, n) for n in ('build_editable', "
                "'prepare_metadata_for_build_wheel', 'get_requires_for_build_wheel', 'build_wheel', 'nonsense')])")
        env = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
        done = subprocess.run([sys.executable, "-c", code], cwd=f, env=env, capture_output=True, text=True)
        equal(done.stdout.strip(), "[False, False, False, True, False]", done.stderr)


@test
def the_sdist_has_the_lock_and_no_library():
    with place() as f:
        tree(f, [pinned(f, plain())], files={"src/thing/libthing.so": plain()})
        for how in ("all", "bare"):
            name, said = call(f, "build_sdist", "dist", env={"TINY_SDIST": how})
            assert name, said
            with tarfile.open(f"{f}/dist/{name}") as t:
                names = t.getnames()
                equal(t.extractfile("thing-1.0/src/thing/pratique.lock").read(),
                      pathlib.Path(f, "src/thing/pratique.lock").read_bytes())
            assert "thing-1.0/src/thing/libthing.so" not in names and len(set(names)) == len(names), names
            with place() as g:  # and a wheel can be built of it
                with tarfile.open(f"{f}/dist/{name}") as t:
                    t.extractall(g)
                put(f"{g}/thing-1.0", {"src/thing/libthing.so.in": plain(), "tools/tiny.py": TINY})
                check_wheel(built(f"{g}/thing-1.0"))


def real_backend(backend, needs, files, more=""):
    program = with_modules(*needs)
    with place() as f:
        tree(f, [pinned(f, plain()), pinned(f, module(), "thing/_native.abi3.so", abi="abi3", python="cp39")],
             backend=backend, more=more, files=files)
        wanted, said = call(f, "get_requires_for_build_wheel", program=program)
        assert wanted is not None, said
        name, said = call(f, "prepare_metadata_for_build_wheel", "meta", program=program) \
            if backend == "setuptools.build_meta" else (None, "")
        wheel = built(f, program=program)
        equal(wheel.name, f"thing-1.0-cp39-abi3-linux_{ARCH}.whl")
        files = check_wheel(wheel)
        equal((files["thing/libthing.so"], files["thing/_native.abi3.so"]), (plain(), module()))
        if name:
            equal(pathlib.Path(f, "meta", name, "pratique.lock").read_bytes(), files["thing/pratique.lock"], said)
        if backend != "setuptools.build_meta":  # which takes longest; of one more backend it says enough
            first = wheel.read_bytes()
            equal(built(f, program=program).read_bytes() == first, True, "the same bytes again")
        name, said = call(f, "build_sdist", "dist", program=program)
        with tarfile.open(f"{f}/dist/{name}") as t:
            names = t.getnames()
        assert "thing-1.0/src/thing/pratique.lock" in names and "thing-1.0/src/thing/libthing.so" not in names, names
        if backend == "hatchling.build" and subprocess.run([program, "-c", "import editables"],
                                                           capture_output=True).returncode:
            return  # a package that it wants for this alone
        name, said = call(f, "build_editable", "edit", program=program)
        assert name, said
        equal(pathlib.Path(f, "src/thing/libthing.so").read_bytes(), plain(), said)
        assert "thing-1.0.dist-info/pratique.lock" in check_wheel(pathlib.Path(f, "edit", name))


@test
def around_setuptools():
    real_backend("setuptools.build_meta", ("setuptools", "wheel"), {})


@test
def around_hatchling():
    real_backend("hatchling.build", ("hatchling",), {})


@test
def installed_by_pip_it_loads():
    program = with_modules("pip")
    with place() as f:
        tree(f, [pinned(f, plain()), pinned(f, module(), "thing/_native.abi3.so", abi="abi3", python="cp39")],
             files={"src/thing/__init__.py": "from pratique import native\nlib = native.load(__name__, 'libthing')\n"
                                             "native.load(__name__, '_native')\nfrom ._native import answer\n"})
        wheel = built(f)
        done = subprocess.run([program, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-compile",
                               "--disable-pip-version-check", "--target", f"{f}/site", str(wheel)],
                              capture_output=True, text=True, timeout=120)
        equal(done.returncode, 0, done.stderr)
        from _kit import python
        done = python(f"{f}/site", "import thing; print(thing.lib.answer(), thing.answer)", program=program)
        equal(done.stdout.split(), ["42", "42"], done.stderr)


@test
def settings_are_read_the_same_without_a_reader_of_toml():
    from pratique import _settings
    texts = {
        '[tool.pratique]\nbackend = "a.b"': {"backend": "a.b"},
        "[x]\ny = 1\n[tool.pratique] # here\n\nbackend = 'a' # this\nbackend-path = [\n  \"x\", # 'no'\n  'y',\n]\n[z]":
            {"backend": "a", "backend-path": ["x", "y"]},
        'd = """\n[tool.pratique]\nbackend = "no"\n"""\n[tool.pratique]\nbackend = "yes"': {"backend": "yes"},
        "[tool.other]\nbackend = 'a'": None,
        "[tool.pratique]\n": {},
    }
    for text, want in texts.items():
        equal(_settings.one_table(text, "tool.pratique"), want, text)
        if sys.version_info >= (3, 11):
            import tomllib
            equal(tomllib.loads(text).get("tool", {}).get("pratique"), want, text)
    for text in ("[tool.pratique]\na = 1", "[tool.pratique]\na = {b = 1}", "[tool.pratique]\na = 'b' c",
                 "[tool.pratique]\na.b = 'c'", "[tool.pratique]\na = 'b'\na = 'c'",
                 "[tool.pratique]\n[tool.pratique]\n", '[tool.pratique]\na = "b\\u0041"'):
        try:
            got = _settings.one_table(text, "tool.pratique")
        except _settings.SettingsError:
            continue
        raise AssertionError(f"{text!r} was read as {got!r}")


