"""python -m pratique.fetch, and the wheel of pratique itself, which holds the program."""

import base64
import contextlib
import hashlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from unittest import mock

from _build import CALL, built, check_wheel, pinned, tree
from _kit import ARCH, HERE, PROGRAM, ROOT, Skip, entry, equal, lock, plain, put, python, test
from pratique import __version__


def place():
    return tempfile.TemporaryDirectory(prefix="pratique-fetching-")


def fetch(site, *args, env=None, program=PROGRAM):
    """(exit status, standard error) of python -m pratique.fetch."""
    with tempfile.TemporaryDirectory() as room:
        if program:
            os.symlink(os.path.abspath(program), f"{room}/pratique")
        full = {k: v for k, v in os.environ.items() if not k.startswith(("PRATIQUE_", "PYTHON"))}
        full.update(PYTHONPATH=f"{ROOT / 'python'}{os.pathsep}{site}", PYTHONDONTWRITEBYTECODE="1",
                    XDG_CACHE_HOME=f"{room}/cache", PATH=f"{room}:{os.environ['PATH']}")
        full.update(env or {})
        done = subprocess.run([sys.executable, "-m", "pratique.fetch", *args], cwd=room, env=full,
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr


def installed(site, folder=None, **more):
    """`thing` as an installer leaves it, without its library; its lock is in the metadata alone."""
    info = "thing-1.0.dist-info"
    put(site, {f"{info}/METADATA": "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n",
               f"{info}/RECORD": f"{info}/METADATA,,\n{info}/pratique.lock,,\n{info}/RECORD,,\n",
               f"{info}/pratique.lock": lock(entry("thing/libthing.so", plain(), urls=["file:brought.so"], **more)),
               f"{info}/brought.so": plain()})
    put(folder or site, {"thing/__init__.py": ""})


@test
def an_installed_package_gets_its_library():
    with place() as site:
        installed(site)
        status, said = fetch(site, "thing")
        equal(status, 0, said)
        equal(python(site, "from pratique import native; print(native.load('thing', 'thing').answer())").stdout, "42\n")
        put(site, {"thing/libthing.so": plain("bad", 66)})  # what is there is not believed
        equal(fetch(site, "Thing")[0], 0)
        equal(pathlib.Path(site, "thing/libthing.so").read_bytes(), plain())


@test
def what_was_brought_is_in_the_record():
    with place() as site:
        installed(site)
        info = "thing-1.0.dist-info"
        record = pathlib.Path(site, info, "RECORD")
        os.chmod(record, 0o640)
        digest = base64.urlsafe_b64encode(hashlib.sha256(plain()).digest()).rstrip(b"=").decode()
        base = f"{info}/METADATA,,\n{info}/pratique.lock,,\n{info}/RECORD,,\n"
        for before in ("", "thing/libthing.so,sha256=old,1\n", '"odd ""name"".py",,\r\nlast,,'):
            record.write_bytes((base + before).encode())
            equal(fetch(site, "thing")[0], 0)
            equal(fetch(site, "thing")[0], 0)
            kept = base + (before if "old" not in before else "") + ("\n" if before.endswith(",") else "")
            equal(record.read_bytes().decode(), kept + f"thing/libthing.so,sha256={digest},{len(plain())}\n", before)
            equal(record.stat().st_mode & 0o777, 0o640)
            equal([n for n in os.listdir(f"{site}/{info}") if n.endswith(".tmp")], [])


@test
def a_record_that_cannot_be_written_is_told():
    from pratique import fetch as fetching
    with place() as site:
        installed(site)
        record = pathlib.Path(site, "thing-1.0.dist-info/RECORD")
        for bad in (b"\xff\n", b'"' * 200000 + b"\0,,\n"):
            record.write_bytes(bad)
            said = io.StringIO()
            with contextlib.redirect_stderr(said), mock.patch.object(fetching._program, "fetch"):
                fetching._fetch(fetching.Place(record.with_name("pratique.lock"), pathlib.Path(site), record), None,
                                HERE, {})
            assert record.read_bytes() == bad or b"libthing.so" in record.read_bytes(), said.getvalue()
            assert bad[:1] != b"\xff" or "does not name" in said.getvalue(), said.getvalue()


@test
def pip_removes_what_was_brought():
    with place() as f:
        venv = [sys.executable, "-m", "venv", "--without-pip", f"{f}/env"]
        if subprocess.run(venv, capture_output=True).returncode:
            raise Skip("no venv")
        site = next(pathlib.Path(f, "env/lib").glob("python*/site-packages"))
        installed(site)
        record = site / "thing-1.0.dist-info/RECORD"
        record.write_text(record.read_text() + "thing/__init__.py,,\nthing-1.0.dist-info/brought.so,,\n")
        equal(fetch(site, "thing")[0], 0)
        done = subprocess.run([sys.executable, "-m", "pip", "--python", f"{f}/env/bin/python", "uninstall", "-y", "thing"],
                              capture_output=True, text=True, env=dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1"))
        if done.returncode and ("No module named pip" in done.stderr or "no such option" in done.stderr):
            raise Skip("no pip that knows --python")
        assert not (site / "thing/libthing.so").exists() and not record.exists(), done.stdout + done.stderr


@test
def locks_that_differ_bring_nothing():
    with place() as site:
        installed(site)
        put(site, {"thing/pratique.lock": lock(entry("thing/libthing.so", plain("bad", 66), urls=["file:brought.so"]))})
        with open(f"{site}/thing-1.0.dist-info/RECORD", "a") as f:
            f.write("thing/pratique.lock,,\n")
        status, said = fetch(site, "thing")
        assert status == 2 and "locks that differ" in said, (status, said)


@test
def an_editable_package_gets_it_in_its_source_tree():
    with place() as site, place() as source:
        installed(site, source)
        status, said = fetch(f"{site}{os.pathsep}{source}", "thing")
        equal(status, 0, said)
        equal(pathlib.Path(source, "thing/libthing.so").read_bytes(), plain())
        assert not pathlib.Path(site, "thing").exists()


@test
def a_package_can_be_named_as_it_is_imported():
    with place() as site:
        put(site, {"space/thing/pratique.lock": lock(entry("space/thing/a.so", plain(), urls=["file:a.in"])),
                   "space/thing/a.in": plain()})
        equal(fetch(site, "space.thing")[0], 0)
        equal(pathlib.Path(site, "space/thing/a.so").read_bytes(), plain())


@test
def a_lock_and_a_folder_can_be_named():
    with place() as here:
        put(here, {"pratique.lock": lock(entry("thing/a.so", plain(), urls=["file:a.in"])), "a.in": plain()})
        equal(fetch(here, "--lock", f"{here}/pratique.lock", "--to", f"{here}/to")[0], 0)
        equal(pathlib.Path(here, "to/thing/a.so").read_bytes(), plain())
        put(here, {"a.in": plain("bad", 66)})
        status, said = fetch(here, "--lock", f"{here}/pratique.lock", "--to", f"{here}/to2")
        assert status in (1, 3) and not pathlib.Path(here, "to2/thing/a.so").exists(), (status, said)


@test
def what_cannot_be_done_is_said():
    with place() as site:
        installed(site, platform="win_amd64")
        for args, words in (((), "packages, or"), (("absent",), "no package of this name"), (("thing", "absent"), "absent"),
                            (("--lock", "x"), "packages, or"), (("thing",), "win_amd64"), (("pratique",), "pratique.lock"),
                            (("--lock", "/nonexistent", "--to", site), "/nonexistent"), (("",), "no package"),
                            (("../thing",), "no package")):
            status, said = fetch(site, *args)
            assert status == 2 and words in said and "Traceback" not in said, (args, status, said)
        status, said = fetch(site, "thing", env={"PATH": "/nonexistent"})
        assert status == 2 and "nor on PATH" in said, said


@test
def the_version_is_that_of_the_program():
    header = (ROOT / "include/pratique/pratique.h").read_text()
    equal(__version__, re.search(r'define PRATIQUE_VERSION "(.*)"', header)[1])


def own(hook, folder, settings=None):
    """A hook of the backend of pratique itself."""
    code = CALL.replace("pratique.build", "_backend")
    import json
    done = subprocess.run([sys.executable, "-B", "-c", code, hook, json.dumps([folder, settings]), f"{folder}/made"],
                          cwd=ROOT / "python", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = pathlib.Path(folder, "made")
    name = json.loads(made.read_text())
    made.unlink()
    return pathlib.Path(folder, name)


@test
def its_own_wheel_has_the_program_and_works_without_another():
    with place() as f, place() as g:
        wheel = own("build_wheel", f, {"program": os.path.abspath(PROGRAM)})
        equal(wheel.name, f"pratique-{__version__}-py3-none-linux_{ARCH}.whl")
        files = check_wheel(wheel)
        equal(files["pratique/_bin/pratique"], pathlib.Path(PROGRAM).read_bytes())
        assert "pratique/py.typed" in files and b"\nVersion: " + __version__.encode() in files[
            f"pratique-{__version__}.dist-info/METADATA"]
        with zipfile.ZipFile(wheel) as z:
            modes = {i.filename: i.external_attr >> 16 & 0o777 for i in z.infolist()}
            z.extractall(f"{f}/site")
        equal((modes["pratique/_bin/pratique"], modes["pratique/native.py"]), (0o755, 0o644))
        os.chmod(f"{f}/site/pratique/_bin/pratique", 0o755)  # as an installer does
        installed(f"{f}/site")
        status, said = fetch(None, "thing", env={"PYTHONPATH": f"{f}/site", "PATH": "/nonexistent"}, program=None)
        equal((status, pathlib.Path(f, "site/thing/libthing.so").read_bytes()), (0, plain()), said)
        # a package that builds with it
        tree(g, [pinned(g, plain())])
        check_wheel(built(g, env={"PYTHONPATH": f"{f}/site", "PATH": "/nonexistent"}))


@test
def its_own_sdist_builds_the_pure_wheel():
    with place() as f:
        with tarfile.open(own("build_sdist", f)) as t:
            names = t.getnames()
            t.extractall(f)
        top = f"pratique-{__version__}"
        assert {f"{top}/PKG-INFO", f"{top}/pyproject.toml", f"{top}/pratique/native.py"} <= set(names), names
        done = subprocess.run([sys.executable, "-B", "-c", "import _backend as b; print(b.build_wheel('.'))"],
                              cwd=f"{f}/{top}", capture_output=True, text=True)
        equal(done.stdout.strip(), f"pratique-{__version__}-py3-none-any.whl", done.stderr)
        equal(pathlib.Path(f, top, done.stdout.strip()).read_bytes(), own("build_wheel", f).read_bytes())
