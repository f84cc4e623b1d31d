"""What the tests of the Python package share: libraries made with cc, locks, packages on disk."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests/cli")]

import _tap  # noqa: E402
from _tap import Skip, equal, test  # noqa: E402, F401
from pratique import _target  # noqa: E402

PROGRAM = _tap.PROGRAM
HERE = _target.here()
ARCH = HERE.platform.split("_", 3)[-1]

# Both say which one they are when they are loaded; that is all they do.
PLAIN = """
const char which[] = "MARKER-%s";
int answer(void) { return %d; }
__attribute__((constructor)) static void loaded(void)
{
    extern int setenv(const char *, const char *, int);
    setenv("LOADED", "%s", 1);
}
"""
# A module of the stable ABI, without Python's headers: the layout of PyModuleDef is part of it.
MODULE = """
struct def {
    long count;
    void *type, *init;
    long index;
    void *copy;
    const char *name, *doc;
    long size;
    void *methods, *slots, *traverse, *clear, *release;
};
extern void *PyModule_Create2(struct def *, int);
extern int PyModule_AddIntConstant(void *, const char *, long);
static struct def def = {.count = 1, .name = "_native", .size = -1};
__attribute__((visibility("default"))) void *PyInit__native(void)
{
    void *m = PyModule_Create2(&def, 1013);
    if (m)
        PyModule_AddIntConstant(m, "answer", %d);
    return m;
}
"""
_made = {}


def library(source):
    """The bytes of a shared library of this source."""
    if source not in _made:
        with tempfile.TemporaryDirectory() as folder:
            c, so = os.path.join(folder, "x.c"), os.path.join(folder, "x.so")
            pathlib.Path(c).write_text(source)
            subprocess.run([os.environ.get("CC", "cc"), "-O1", "-fPIC", "-shared", "-s", "-o", so, c], check=True)
            _made[source] = pathlib.Path(so).read_bytes()
    return _made[source]


def plain(which="good", number=42):
    return library(PLAIN % (which, number, which))


def module(number=42):
    return library(MODULE % number)


def entry(name, data, /, **more):
    return {"name": name, "platform": f"linux_{ARCH}", "abi": "none", "urls": ["https://files.example.org/x"],
            "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), **more}


def lock(*entries, **more):
    return {"format": "pratique-lock-1", "package": "thing", "version": "1.0", "files": list(entries), **more}


def as_text(value):
    return value if isinstance(value, (str, bytes)) else json.dumps(value, indent=2)


def put(folder, files):
    """Writes {path: bytes, text or a lock}; the folder."""
    for name, content in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = as_text(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return pathlib.Path(folder)


def package(folder, data=None, name="libthing.so", installed=None, **more):
    """A package `thing` on disk whose lock pins data, and which has `installed` in its place."""
    data = plain() if data is None else data
    return put(folder, {"thing/__init__.py": "", "thing/pratique.lock": lock(entry(f"thing/{name}", data, **more)),
                        f"thing/{name}": data if installed is None else installed})


def python(folder, code, program=sys.executable, env=None, timeout=60):
    """Runs the code with the folder on the path; standard output and standard error, stripped."""
    full = {k: v for k, v in os.environ.items() if not k.startswith(("PRATIQUE_", "PYTHON"))}
    full.update(PYTHONPATH=f"{ROOT / 'python'}{os.pathsep}{folder}", PYTHONDONTWRITEBYTECODE="1", **(env or {}))
    return subprocess.run([program, "-c", code], cwd=folder, env=full, capture_output=True, text=True,
                          timeout=timeout, stdin=subprocess.DEVNULL)


LOAD = """
import os
from pratique import native
try:
    got = native.load("thing", "%s")
    print("loaded", got.answer() if callable(got.answer) else got.answer)
except native.Refused as e:
    print("refused", e)
"""


def load(folder, name="libthing.so", before="", **more):
    """What loading says: "loaded 42", or "refused ..."."""
    done = python(folder, before + LOAD % name, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
