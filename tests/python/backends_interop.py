#!/usr/bin/env python3
"""pratique.build around the backends that packages use, called by the frontends that people use; and
what ruff and mypy say of the package. Prints TAP.
"""

import os
import pathlib
import shutil
import subprocess
import sys

import _kit
from _build import check_wheel, pinned, place, real_backend, tree
from _kit import ARCH, PROGRAM, ROOT, Skip, equal, module, plain, python, put, test

BACKENDS = {
    "setuptools.build_meta": "", "hatchling.build": "", "flit_core.buildapi": "",
    "poetry.core.masonry.api": '[tool.poetry]\npackages = [{include = "thing", from = "src"}]\n', "pdm.backend": "",
}


def make_test(backend, more):
    def case():
        real_backend(backend, (backend,), {}, more)
    case.__name__ = "around_" + backend.replace(".", "_")
    test(case)


for _backend, _more in BACKENDS.items():
    make_test(_backend, _more)


def environment(folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PRATIQUE_", "PYTHON"))}
    (pathlib.Path(folder) / "bin").mkdir()
    os.symlink(os.path.abspath(PROGRAM), f"{folder}/bin/pratique")
    return dict(env, PATH=f"{folder}/bin:{env['PATH']}", PYTHONPATH=str(ROOT / "python"), XDG_CACHE_HOME=f"{folder}/cache",
                PYTHONDONTWRITEBYTECODE="1")


def by_frontend(*command):
    """Builds an sdist, and of it or beside it a wheel, with this frontend; it loads when installed."""
    with place() as name:
        folder = pathlib.Path(name)
        env = environment(folder)
        source = tree(folder / "tree", [pinned(folder / "tree", plain()),
                                        pinned(folder / "tree", module(), "thing/_native.abi3.so", abi="abi3",
                                               python="cp39")], backend="hatchling.build", more="")
        done = subprocess.run([*command, str(source)], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
        equal(done.returncode, 0, done.stdout + done.stderr)
        wheels = [*folder.glob("**/thing-*.whl")]
        equal([w.name for w in wheels], [f"thing-1.0-cp39-abi3-linux_{ARCH}.whl"], done.stdout)
        check_wheel(wheels[0])
        done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target",
                               f"{folder}/site", str(wheels[0])], env=env, capture_output=True, text=True, timeout=300)
        equal(done.returncode, 0, done.stderr)
        done = python(folder / "site", "from pratique import native\nprint(native.load('thing', 'thing').answer(),"
                                       " native.load('thing', '_native').answer)")
        equal(done.stdout.split(), ["42", "42"], done.stderr)


@test
def by_build():
    by_frontend(sys.executable, "-m", "build", "--no-isolation", "-o", "dist")


@test
def by_pip_wheel():
    by_frontend(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation", "-w", "dist")


@test
def by_uv():
    uv = shutil.which("uv", path=f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}")
    if not uv:
        raise Skip("uv is not installed")
    by_frontend(uv, "build", "--offline", "--no-build-isolation", "--python", sys.executable, "--out-dir", "dist")


@test
def an_editable_install_loads():
    with place() as name:
        folder = pathlib.Path(name)
        env = environment(folder)
        source = tree(folder / "tree", [pinned(folder / "tree", plain())], backend="setuptools.build_meta", more="")
        put(source, {"src/thing/__init__.py": "from pratique import native\nlib = native.load(__name__, 'thing')\n"})
        done = subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", folder / "env"], env=env,
                              capture_output=True, text=True)
        inner = str(folder / "env/bin/python")
        here = subprocess.run([sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                              capture_output=True, text=True).stdout.strip()
        env["PYTHONPATH"] += os.pathsep + here  # the backend, which is of the venv that runs this
        done = subprocess.run([inner, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-build-isolation",
                               "-e", str(source)], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
        equal(done.returncode, 0, done.stdout + done.stderr)
        code = "import thing; print(thing.lib.answer(), thing.__file__)"
        done = subprocess.run([inner, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=60)
        equal(done.stdout.split(), ["42", str(source / "src/thing/__init__.py")], done.stderr)
        (source / "src/thing/libthing.so").unlink()
        done = subprocess.run([inner, "-m", "pratique.fetch", "thing"], cwd=folder, env=env, capture_output=True, text=True)
        # "file:" is relative to the lock, which pip has put into the metadata
        equal(done.returncode in (1, 3), True, done.stderr)


@test
def ruff_and_mypy_are_content():
    for command in (["ruff", "check", "--no-cache", "."], ["mypy", "--cache-dir", os.devnull]):
        done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT / "python", capture_output=True, text=True,
                              timeout=300)
        equal(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    _kit._tap._tests[:] = [fn for fn in _kit._tap._tests if fn.__module__ == "__main__"]  # not those of _build
    _kit._tap.main()
