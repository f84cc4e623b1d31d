#!/usr/bin/env python3
"""The example of docs/NATIVE.md, built and played against a local HTTPS server, good and hostile.

`after`, whose library is pinned: whatever the server does, no byte that is not as pinned is loaded
or lies under its final name, neither in the environment, nor the cache, nor where the wheel is
built. `before`, which downloads on import: the same servers get the swapped library in, so that
this test could fail. Prints TAP.
"""

import concurrent.futures
import contextlib
import functools
import hashlib
import importlib.util
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests/cli")]

import _tap  # noqa: E402
from _pythons import PYTHONS  # noqa: E402
from _tap import Skip, equal, test  # noqa: E402
from pratique import _target  # noqa: E402

EXAMPLE = ROOT / "examples/native-package"
MARK = b"made by a stranger"  # in the swapped library, and nowhere else
_spec = importlib.util.spec_from_file_location("serve", EXAMPLE / "serve.py")
serve = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(serve)

ARCH = _target.here().platform.split("_", 3)[-1]
DEPTH = "import fathom; print(fathom.depth(2.0))"
# What a package with the library in its place prints; of the swapped one, another number.
RIGHT, SWAPPED = "1500.0", "-1500.0"
TIMEOUT = "1"


class Stage:
    """What all tests share, made once: libraries, servers, a lock, the good wheel of `after`."""

    def __init__(self, stack):
        self.stack = stack
        self.room = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pratique-example-")))
        self.good, self.swapped = self.cc("libfathom.so"), self.cc(
            "swapped.so", '-DMADE_BY="a stranger"', "-DSOUND=-1500.0")
        assert MARK in self.swapped and MARK not in self.good
        self.site = stack.enter_context(serve.Site(self.good, self.swapped))
        (self.room / "bin").mkdir()
        os.symlink(os.path.abspath(_tap.PROGRAM), self.room / "bin/pratique")
        self.python = builder()

    def cc(self, name, *more):
        subprocess.run(["cc", "-O2", "-fPIC", "-shared", *more, "-o", name, EXAMPLE / "fathom.c"], cwd=self.room,
                       check=True)
        return (self.room / name).read_bytes()

    def env(self, cache, **more):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PRATIQUE_", "PYTHON", "FATHOM_", "XDG_"))
               and not k.lower().endswith("_proxy")}
        return dict(env, XDG_CACHE_HOME=str(cache), SSL_CERT_FILE=self.site.ca, PYTHONDONTWRITEBYTECODE="1",
                    PATH=f"{self.room}/bin:{os.environ['PATH']}", HOME=str(cache), **more)

    def lock(self, path, *bases):
        """A lock for the good library, made by `pratique lock`."""
        args = [word for base in bases for word in ("--url-base", base)]
        done = _tap.run("lock", "--package", "fathom", "--version", "1.0", "--platform", f"linux_{ARCH}",
                        "--name", "fathom/libfathom.so", *args, "--output", str(path), "--force",
                        str(self.room / "libfathom.so"))
        assert done.returncode == 0, done.stderr

    def tree(self, folder, *bases, quick=True):
        """The source tree of `after`, with a lock for these addresses. quick: what setuptools makes of it
        was made once, and is only copied: starting it is most of what a build takes.
        """
        shutil.copytree(EXAMPLE / "after", folder)
        self.lock(folder / "src/fathom/pratique.lock", *bases)
        if quick:
            made = self.made_by_setuptools()
            (folder / "copies.py").write_text(f"import shutil\ndef build_wheel(folder, *_):\n"
                                              f"    shutil.copy({str(made)!r}, folder)\n    return {made.name!r}\n")
            text = (folder / "pyproject.toml").read_text()
            (folder / "pyproject.toml").write_text(text.replace(
                'backend = "setuptools.build_meta"', 'backend = "copies"\nbackend-path = ["."]'))
        return folder

    def made_by_setuptools(self):
        if not hasattr(self, "_made"):
            tree = self.room / "made"
            shutil.copytree(EXAMPLE / "after", tree)
            self._made, said = self.build(tree, self.room, package="setuptools.build_meta")
            assert self._made, said
        return self._made

    def build(self, tree, cache, package="pratique.build", timeout=120):
        """Builds the wheel of a source tree, as a frontend does. The wheel, or None, and what was said."""
        code = (f"import sys, {package} as b\n"
                f"b.build_wheel('dist', {{'pratique-timeout': '{TIMEOUT}'}} if 'pratique' in b.__name__ else None)")
        python = sys.executable if (tree / "copies.py").exists() else self.python
        done = subprocess.run([python, "-c", code], cwd=tree, capture_output=True, text=True, timeout=timeout,
                              env=self.env(cache, PYTHONPATH=str(ROOT / "python")), stdin=subprocess.DEVNULL)
        wheels = list((tree / "dist").glob("*.whl"))
        equal(len(wheels), int(done.returncode == 0), done.stderr)
        return (wheels[0] if wheels else None), done.stderr

    def good_wheel(self):
        if not hasattr(self, "_wheel"):
            wheel, said = self.build(self.tree(self.room / "good", self.site.base("good"), quick=False),
                                     self.room / "good-cache")
            assert wheel, said
            self._wheel = wheel
        return self._wheel


def builder():
    """A Python with setuptools and wheel."""
    for program in [sys.executable, *PYTHONS.values(), "/usr/bin/python3"]:
        if subprocess.run([program, "-c", "import setuptools, wheel"], capture_output=True).returncode == 0:
            return program
    raise Skip("no Python with setuptools and wheel")


_stack = contextlib.ExitStack()
_stage = []


def stage():
    if not _stage:
        if not shutil.which("cc") or not shutil.which("openssl"):
            raise Skip("cc and openssl are not both installed")
        _stage.append(Stage(_stack))
    return _stage[0]


def place():
    return tempfile.TemporaryDirectory(prefix="pratique-example-")


def unpack(wheel, site):
    """What pip does with a wheel that has no scripts and no data."""
    with zipfile.ZipFile(wheel) as z:
        z.extractall(site)


def unverified(folder, final=lambda path: True):
    """Files below the folder that hold bytes of the swapped library; also inside of wheels."""
    found = []
    for path in pathlib.Path(folder).rglob("*"):
        if not path.is_file() or path.is_symlink() or not final(path):
            continue
        data = path.read_bytes()
        parts = [data]
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as z:
                parts += [z.read(name) for name in z.namelist()]
        if any(MARK in part for part in parts):
            found.append(str(path))
    return found


def is_final(path):
    """Not what the cache keeps of a transfer that broke off, to go on with: tmp/HASH.part."""
    return not (path.parent.name == "tmp" and path.suffix == ".part")


def short_of_good(st, folder):
    """Files under the library's name, or under its hash, that are not the library."""
    digest = hashlib.sha256(st.good).hexdigest()
    return [str(p) for p in pathlib.Path(folder).rglob("*") if p.is_file() and p.name in ("libfathom.so", digest)
            and p.read_bytes() != st.good]


def run_python(st, site, cache, code, timeout=60, **more):
    env = st.env(cache, PYTHONPATH=f"{ROOT / 'python'}{os.pathsep}{site}", **more)
    return subprocess.run([sys.executable, *(code if isinstance(code, list) else ["-c", code])], cwd=cache, env=env,
                          capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)


def nothing_unverified(st, folder, what):
    equal(unverified(folder, is_final), [], f"{what}: bytes of the swapped library")
    equal(short_of_good(st, folder), [], f"{what}: another file under the library's name")


def attempt(st, base, what, good):
    """Both ways to the library, from this server: while the wheel is built, and after it is installed
    without. good: whether it comes; None: it may, as long as it is the right one.
    """
    with place() as name:
        folder = pathlib.Path(name)
        cache, site = folder / "cache", folder / "site"
        cache.mkdir(mode=0o700)
        wheel, said = st.build(st.tree(folder / "tree", base), cache)
        if good is not None:
            equal(wheel is not None, good, f"{what}: built: {said}")
        nothing_unverified(st, folder, what)
        if wheel:
            unpack(wheel, site)
            equal(run_python(st, site, cache, DEPTH).stdout.strip(), RIGHT, what)
    with place() as name:
        folder = pathlib.Path(name)
        cache, site = folder / "cache", folder / "site"
        cache.mkdir(mode=0o700)
        install_without(st, site, base)
        fetched = run_python(st, site, cache, ["-m", "pratique.fetch", "--timeout", TIMEOUT, "fathom"])
        if good is not None:
            equal(fetched.returncode == 0, good, f"{what}: fetched: {fetched.stderr}")
        nothing_unverified(st, folder, what)
        if fetched.returncode != 0 and what not in LEAVES_SOMETHING:  # there is nothing to load
            assert fetched.returncode in (1, 3), (what, fetched.returncode, fetched.stderr)
            return
        done = run_python(st, site, cache, DEPTH)
        if fetched.returncode == 0:
            equal(done.stdout.strip(), RIGHT, f"{what}: {done.stderr}")
            return
        assert fetched.returncode in (1, 3), (what, fetched.returncode, fetched.stderr)
        assert done.returncode != 0 and "pratique.native.Refused" in done.stderr, (what, done.stdout, done.stderr)
        assert "-m pratique.fetch fathom" in done.stderr, done.stderr
        # What was left of it does not stand in the way of a good source.
        install_without(st, site, st.site.base("good"))
        fetched = run_python(st, site, cache, ["-m", "pratique.fetch", "fathom"])
        equal(run_python(st, site, cache, DEPTH).stdout.strip(), RIGHT, f"{what}, then good: {fetched.stderr}")
        nothing_unverified(st, folder, what)


def install_without(st, site, base):
    """`after` as it is when its wheel was built without the library."""
    shutil.rmtree(site, ignore_errors=True)
    unpack(st.good_wheel(), site)
    (site / "fathom/libfathom.so").unlink()
    st.lock(site / "fathom/pratique.lock", base)
    shutil.copy(site / "fathom/pratique.lock", site / "fathom-1.0.dist-info/pratique.lock")


# How the server is, and whether `after` gets its library from it.
AFTER = {
    "good": True, "no-checksums": False, "swapped": False, "swapped-both": False, "absent": False,
    "truncated": False, "cut-short": False, "too-long": None, "endless": False, "slow": False, "silent": False,
    "garbage": False, "other-host": False, "other-host-good": True, "to-http": False, "to-http-swapped": False,
    "in-circles": False, "dropped": None, "resumed-swapped": False, "resumed-elsewhere": None,
}


# Those that send bytes which are kept or dropped before the end.
LEAVES_SOMETHING = ("swapped", "truncated", "endless", "slow", "dropped", "resumed-swapped", "resumed-elsewhere")
CERTIFICATES = ("expired", "wrong-host", "stranger")


@functools.cache
def attempts():
    """All of them, begun side by side: most of their time is waiting for a server that stalls."""
    st = stage()
    st.good_wheel()
    st.made_by_setuptools()
    pool = _stack.enter_context(concurrent.futures.ThreadPoolExecutor(4))
    slow_first = sorted(AFTER, key=lambda how: how not in ("slow", "silent", "endless"))
    begun = {how: pool.submit(attempt, st, st.site.base(how), how, AFTER[how]) for how in slow_first}
    begun.update((how, pool.submit(attempt, st, st.site.base("good", how), how, False)) for how in CERTIFICATES)
    return begun


def make_test(how, what):
    def case():
        attempts()[how].result()
    case.__name__ = f"after_when_the_{what}_is_" + how.replace("-", "_")
    test(case)


for _how in AFTER:
    make_test(_how, "server")
for _how in CERTIFICATES:
    make_test(_how, "certificate")


@test
def after_when_the_connection_is_dropped_at_every_64_kib():
    st = stage()
    with place() as name:
        folder = pathlib.Path(name)
        site, cache = folder / "site", folder / "cache"
        cache.mkdir(mode=0o700)
        for past in range(len(st.good) // serve.KIB64 + 1):
            install_without(st, site, st.site.base(f"dropped-no-range@{past}"))
            fetched = run_python(st, site, cache, ["-m", "pratique.fetch", "--timeout", TIMEOUT, "fathom"])
            assert fetched.returncode == 3, (past, fetched.stderr)
            nothing_unverified(st, folder, past)
        assert "Refused" in run_python(st, site, cache, DEPTH).stderr
        install_without(st, site, st.site.base("good"))
        equal(run_python(st, site, cache, ["-m", "pratique.fetch", "fathom"]).returncode, 0)
        equal(run_python(st, site, cache, DEPTH).stdout.strip(), RIGHT)


@test
def after_asks_the_next_mirror():
    st = stage()
    with place() as name:
        folder = pathlib.Path(name)
        (folder / "cache").mkdir(mode=0o700)
        wheel, said = st.build(st.tree(folder / "tree", st.site.base("swapped-both"), st.site.base("absent"),
                                       st.site.base("good")), folder / "cache")
        assert wheel, said
        nothing_unverified(st, folder, "mirrors")


@test
def after_offline_is_told_what_to_bring_and_takes_it():
    st = stage()
    with place() as name:
        folder = pathlib.Path(name)
        cache, site, brought = folder / "cache", folder / "site", folder / "brought"
        cache.mkdir(mode=0o700)
        brought.mkdir()
        install_without(st, site, st.site.base("good"))
        asked = len(st.site.asked)
        for variable in ("PRATIQUE_OFFLINE", "FATHOM_OFFLINE"):
            env = {variable: "1", "PRATIQUE_MIRROR": str(brought)}
            done = run_python(st, site, cache, ["-m", "pratique.fetch", "fathom"], **env)
            equal(done.returncode, 3, done.stderr)
            for word in (hashlib.sha256(st.good).hexdigest(), "libfathom.so", str(brought)):
                assert word in done.stderr, done.stderr
        (brought / "libfathom.so").write_bytes(st.swapped)
        done = run_python(st, site, cache, ["-m", "pratique.fetch", "fathom"], **env)
        assert done.returncode in (1, 3), (done.returncode, done.stderr)
        nothing_unverified(st, site, "mirror")
        (brought / "libfathom.so").write_bytes(st.good)
        done = run_python(st, site, cache, ["-m", "pratique.fetch", "fathom"], **env)
        equal(done.returncode, 0, done.stderr)
        equal(run_python(st, site, cache, DEPTH).stdout.strip(), RIGHT)
        equal(len(st.site.asked), asked, "the network was asked")


@test
def after_never_asks_the_network_when_imported():
    st = stage()
    with place() as name:
        site, cache = pathlib.Path(name, "site"), pathlib.Path(name, "cache")
        cache.mkdir()
        unpack(st.good_wheel(), site)
        asked = len(st.site.asked)
        equal(run_python(st, site, cache, DEPTH).stdout.strip(), RIGHT)
        (site / "fathom/libfathom.so").write_bytes(st.swapped)
        done = run_python(st, site, cache, DEPTH, FATHOM_SKIP_CHECK="1")
        assert "Refused" in done.stderr and SWAPPED not in done.stdout, done.stderr
        (site / "fathom/libfathom.so").unlink()
        assert "Refused" in run_python(st, site, cache, DEPTH).stderr
        equal(len(st.site.asked), asked, "the network was asked")


# `before`: what its first and its second import do; None: they raise.
BEFORE = {
    "good": (RIGHT, RIGHT),
    "no-checksums": (SWAPPED, SWAPPED),  # fail open
    "swapped": (None, SWAPPED),          # it was under its final name before the check
    "swapped-both": (SWAPPED, SWAPPED),  # circular pin
    "other-host": (SWAPPED, SWAPPED),
    "to-http-swapped": (SWAPPED, SWAPPED),
    "absent": (None, None),
}


@test
def before_loads_what_the_server_likes():
    st = stage()
    for how, want in BEFORE.items():
        with place() as name:
            cache = pathlib.Path(name)
            got = []
            for _ in want:
                done = run_python(st, EXAMPLE / "before", cache, DEPTH, FATHOM_RELEASES=st.site.base(how))
                got.append(done.stdout.strip() or None)
            equal(tuple(got), want, how)
            equal(unverified(cache) != [], SWAPPED in want, f"{how}: left under its final name")
    with place() as name:
        done = run_python(st, EXAMPLE / "before", name, DEPTH, FATHOM_RELEASES=st.site.base("swapped"),
                          FATHOM_SKIP_CHECK="1")
        equal(done.stdout.strip(), SWAPPED, "switched off")


def scan(path):
    done = _tap.run("scan", "--policy", "package", "--format", "json", str(path))
    return json.loads(done.stdout)["artifacts"][0]


@test
def the_scan_refuses_before_and_admits_after():
    st = stage()
    with place() as name:
        tree = pathlib.Path(name, "tree")
        shutil.copytree(EXAMPLE / "before", tree)
        wheel, said = st.build(tree, name, package="setuptools.build_meta")
        assert wheel, said
        before, after = scan(wheel), scan(st.good_wheel())
    equal(before["verdict"], "refuse", before)
    text = json.dumps(before)
    for word in ("fathom/__init__.py", "_bootstrap.library", "urllib.request.urlopen"):
        assert word in text, f"{word} is not in the report: {text}"
    found = {f["rule"] for f in before["findings"]}
    # on import, from where its hash is from, without a check, with a switch, without an offline switch
    assert {"PKG001", "PKG005", "PKG006", "PKG007", "PKG009"} <= found, found
    equal(after["verdict"], "admit", after)


def plain_text(text, folder, python_lib):
    """Without what differs from machine to machine: hashes, sizes, places."""
    for place, name in ((python_lib, ".../site-packages"), (f"{folder}/.home", "~"), (str(folder), "...")):
        text = text.replace(place, name)
    text = re.sub(r"/sha256/[0-9a-f]{2}/", "/sha256/XX/", re.sub(r"[0-9a-f]{64}", "HASH", text))
    return re.sub(r"[\d,]+ bytes|\"size\": \d+|[0-9.]+ kB", "SIZE", text).replace(ARCH, "x86_64").strip()


def same_but_shortened(got, want, what):
    """A line "..." stands for any number of lines."""
    rest, pieces = got + "\n", (want + "\n").split("...\n")
    ok = rest.startswith(pieces[0]) and rest.endswith(pieces[-1]) and (len(pieces) > 1 or got == want)
    for piece in pieces:
        ok = ok and piece in rest
        rest = rest.partition(piece)[2] if piece else rest
    assert ok, f"{what}: got\n{got}\nwant\n{want}"


@test
def the_readme_is_real():
    st = stage()
    if not shutil.which("unzip"):
        raise Skip("unzip is not installed")
    blocks = re.findall(r"```console\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.S)
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.M)
    assert len(steps) > 8, steps
    with place() as name:
        folder = pathlib.Path(name, "example").resolve()
        shutil.copytree(EXAMPLE, folder)
        # An environment of its own, in which pratique and the build backend are already.
        done = subprocess.run([st.python, "-m", "venv", "--system-site-packages", "--without-pip", folder / ".env"],
                              capture_output=True, text=True)
        if done.returncode or subprocess.run([st.python, "-m", "pip", "--version"], capture_output=True).returncode:
            raise Skip("no venv, or no pip: " + done.stdout + done.stderr)
        pip = folder / ".env/bin/pip"  # that of the system: a new one takes seconds to be put there
        pip.write_text('#!/bin/sh\nexec python -m pip "$@"\n')
        pip.chmod(0o755)
        env = st.env(folder / ".home/.cache", VIRTUAL_ENV=str(folder / ".env"))
        env.update(PATH=f"{folder}/.env/bin:{env['PATH']}", HOME=f"{folder}/.home", PIP_ROOT_USER_ACTION="ignore",
                   PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INDEX="1", PIP_NO_CACHE_DIR="1")
        lib = subprocess.run([folder / ".env/bin/python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                             capture_output=True, text=True).stdout.strip()
        pathlib.Path(lib, "pratique.pth").write_text(str(ROOT / "python"))
        for command, want in steps:
            done = subprocess.run(["sh", "-c", command.replace("x86_64", ARCH)], cwd=folder, env=env, timeout=120,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)
            got = plain_text(done.stdout, folder, lib)
            same_but_shortened(got, plain_text(want, folder, lib), command)


if __name__ == "__main__":
    with _stack:
        _tap.main()
