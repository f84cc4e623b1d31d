"""pratique.native: loads what is pinned; what is not is told with the remedy."""

import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import zipfile

from _kit import (ARCH, HERE, LOAD, ROOT, Skip, entry, equal, load, lock, module, package, plain, put, python,
                  test)
from _pythons import PYTHONS

# What the constructor of the library that was loaded last has said: os.environ would not know.
LAST = ("import ctypes\ndef loaded_last():\n    get = ctypes.CDLL(None).getenv\n"
        "    get.restype = ctypes.c_char_p\n    return get(b'LOADED')\n")
FALLBACK = "from pratique import native; native._memory_file = lambda name: None\n"


def folder():
    return tempfile.TemporaryDirectory(prefix="pratique-native-")


def refused(text, *words):
    assert text.startswith("refused"), text
    for word in words:
        assert word in text, f"{word!r} is not in: {text}"


@test
def a_library_that_is_as_pinned_is_loaded():
    with folder() as f:
        package(f)
        for name in ("libthing.so", "thing/libthing.so", "thing", "libthing"):
            equal(load(f, name), "loaded 42", name)


@test
def an_extension_module_becomes_a_module_of_the_package():
    with folder() as f:
        package(f, module(), "_native.abi3.so", abi="abi3", python="cp39")
        put(f, {"thing/__init__.py": "from pratique import native\nnative.load('thing', '_native')\n"
                                     "from ._native import answer\n"})
        done = python(f, "import thing, sys; from thing import _native\n"
                         "print(thing.answer, thing._native.answer, _native.__name__, _native.__file__)")
        equal(done.stdout.split(), ["42", "42", "thing._native", f"{os.path.realpath(f)}/thing/_native.abi3.so"],
              done.stderr)


@test
def the_same_object_comes_every_time_and_for_every_thread():
    with folder() as f:
        package(f)
        done = python(f, "import threading\nfrom pratique import native\ngot = []\n"
                         "ts = [threading.Thread(target=lambda: got.append(native.load('thing', 'libthing.so')))"
                         " for _ in range(16)]\n[t.start() for t in ts]; [t.join() for t in ts]\n"
                         "print(len(got), len(set(map(id, got))))")
        equal(done.stdout.split(), ["16", "1"], done.stderr)


@test
def a_swapped_library_is_refused_with_the_remedy():
    good, bad = plain(), plain("bad", 66)
    with folder() as f:
        package(f, good, installed=bad)
        text = load(f)
        import hashlib
        refused(text, hashlib.sha256(good).hexdigest(), f"{f}/thing/libthing.so", "-m pratique.fetch thing")
        if len(good) == len(bad):
            refused(text, hashlib.sha256(bad).hexdigest())


@test
def every_changed_byte_and_every_length_is_refused():
    good = plain()
    tries = [good[:n] for n in (0, 1, len(good) // 2, len(good) - 1)] + [good + b"\0"]
    for at in range(0, len(good), max(1, len(good) // 40)):
        tries.append(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
    with folder() as f:
        package(f, good)
        code = ("import sys, pathlib\nfrom pratique import native\nbad = 0\n"
                "for p in sorted(pathlib.Path('tries').iterdir()):\n"
                "    pathlib.Path('thing/libthing.so').write_bytes(p.read_bytes())\n"
                "    try: native.load('thing', 'libthing.so'); bad += 1\n"
                "    except native.Refused: pass\n"
                "import os; print(bad, loaded_last(), len(os.listdir('/proc/self/fd')) < 20)")
        put(f, {f"tries/{n:03}": data for n, data in enumerate(tries)})
        equal(python(f, LAST + code).stdout.split(), ["0", "None", "True"])


@test
def what_is_no_regular_file_is_refused():
    with folder() as f:
        package(f)
        path = pathlib.Path(f, "thing/libthing.so")
        moved = path.rename(pathlib.Path(f, "elsewhere.so"))
        refused(load(f), "No such file")
        path.symlink_to(moved)
        refused(load(f), "cannot be opened")
        path.unlink()
        os.mkfifo(path)
        refused(load(f, timeout=20), "not a regular file")
        path.unlink()
        path.mkdir()
        refused(load(f), "not a regular file")


@test
def locks_that_are_wrong_load_nothing():
    good = lock(entry("thing/libthing.so", plain()))
    text = __import__("json").dumps(good)
    cases = {"no JSON": b"{", "empty": b"", "key twice": text[:-1].encode() + b', "version": "1.0"}',
             "unknown key": dict(good, more=1), "not UTF-8": b"\xff" + text.encode(),
             "upper case": text.replace(good["files"][0]["sha256"], good["files"][0]["sha256"].upper()),
             "too large": text + " " * (1 << 20), "deep": "[" * 100000}
    with folder() as f:
        package(f)
        for what, bad in cases.items():
            put(f, {"thing/pratique.lock": bad})
            refused(load(f), "pratique.lock"), what
        os.unlink(f"{f}/thing/pratique.lock")
        refused(load(f), "not pinned")
        os.symlink(f"{f}/thing/__init__.py", f"{f}/thing/pratique.lock")
        refused(load(f), "pratique.lock")


@test
def the_hash_in_the_lock_counts_and_not_the_file():
    with folder() as f:
        package(f, plain("bad", 66), installed=plain())  # a lock that was edited for another library
        refused(load(f), "is not loaded")


@test
def an_entry_for_another_platform_or_python_does_not_count():
    for more in ({"platform": "win_amd64"}, {"platform": "manylinux_2_999_" + ARCH}, {"abi": "cp38"},
                 {"abi": "abi3", "python": "cp399"}, {"platform": "linux_sparc"}):
        with folder() as f:
            package(f, **more)
            refused(load(f), "for this platform")
    for more in ({"platform": "any"}, {"platform": HERE.platform}, {"abi": HERE.python, "python": HERE.python},
                 {"platform": f"win_amd64.linux_{ARCH}"}, {"python": "py3"}):
        with folder() as f:
            package(f, **more)
            equal(load(f), "loaded 42", more)


@test
def one_of_several_entries_that_count_is_enough():
    """A wheel for an older C library, on a newer one: the best entry of the lock is not in it."""
    new, old = plain("new", 7), plain("old", 5)
    with folder() as f:
        put(f, {"thing/__init__.py": "", "thing/libthing.so": old, "thing/pratique.lock": lock(
            entry("thing/libthing.so", new, platform=f"manylinux_2_17_{ARCH}"),
            entry("thing/libthing.so", old, platform=f"manylinux_2_5_{ARCH}"))})
        if not HERE.platform.startswith("manylinux"):
            raise Skip("not glibc")
        equal(load(f), "loaded 5")


@test
def namespaces_metadata_and_nested_packages():
    good = plain()
    with folder() as f:
        put(f, {"space/thing/libthing.so": good, "other/space/__unused": b"",
                "space/thing/pratique.lock": lock(entry("space/thing/libthing.so", good))})
        done = python(f, "from pratique import native\nprint(native.load('space.thing', 'thing').answer())",
                      env={})
        equal(done.stdout.strip(), "42", done.stderr)
    with folder() as f:  # only in the metadata, where pratique.build puts it
        put(f, {"thing/__init__.py": "", "thing/lib/libthing.so": good,
                "aaa-1.dist-info/pratique.lock": lock(entry("aaa/liba.so", good)),
                "thing-1.0.dist-info/pratique.lock": lock(entry("thing/lib/libthing.so", good))})
        equal(load(f, "lib/libthing.so"), "loaded 42")
        equal(load(f, "thing"), "loaded 42")
        refused(load(f, "other"), "not pinned")
    with folder() as f:
        put(f, {"single.py": ""})
        done = python(f, LOAD_ANY.format("single"))
        refused(done.stdout, "no package")
        refused(python(f, LOAD_ANY.format("absent")).stdout, "no package")


LOAD_ANY = ("from pratique import native\ntry: native.load('{}', 'x'); print('loaded')\n"
            "except native.Refused as e: print('refused', e)")


@test
def what_was_hashed_is_what_is_loaded():
    """The file is changed after it was hashed, in each of the ways there are: the good one is
    loaded, for it was copied and sealed before.
    """
    changes = {"replaced": "os.replace('bad.so', 'thing/libthing.so')",
               "written over": "open('thing/libthing.so', 'r+b').write(open('bad.so', 'rb').read())",
               "a link": "os.unlink('thing/libthing.so'); os.symlink('../bad.so', 'thing/libthing.so')",
               "cut off": "os.truncate('thing/libthing.so', 100)",
               "lock edited": "open('thing/pratique.lock', 'w').write('{}')"}
    for what, change in changes.items():
        with folder() as f:
            package(f)
            put(f, {"bad.so": plain("bad", 66)})
            hook = ("import os\nfrom pratique import native\nreal = native._check\n"
                    f"def check(*a):\n    real(*a)\n    {change}\nnative._check = check\n")
            equal(load(f, before=hook), "loaded 42", what)
            # before it is hashed: the descriptor is that of the old file, or the hash is another
            hook = ("import os\nfrom pratique import native\nreal = native._copy\n"
                    f"def copy(*a):\n    {change}\n    real(*a)\nnative._copy = copy\n")
            package(f)
            put(f, {"bad.so": plain("bad", 66)})
            got = load(f, before=hook)
            assert got == "loaded 42" or got.startswith("refused"), (what, got)


@test
def while_the_file_changes_without_end_only_the_pinned_one_is_loaded():
    good, bad = plain(), plain("bad", 66)
    with folder() as f:
        package(f)
        stop = threading.Event()

        def swap():
            n = 0
            while not stop.is_set():
                n += 1
                put(f, {"next.so": bad if n % 2 else good})
                os.replace(f"{f}/next.so", f"{f}/thing/libthing.so")

        swapping = threading.Thread(target=swap)
        swapping.start()
        try:
            code = ("import os\nfrom pratique import native\nloaded = refused = 0\n"
                    "for _ in range(300):\n    native._libraries.clear()\n"
                    "    try:\n        assert native.load('thing', 'libthing.so').answer() == 42; loaded += 1\n"
                    "    except native.Refused: refused += 1\n"
                    "print(loaded, refused, loaded_last())")
            done = python(f, LAST + code)
        finally:
            stop.set()
            swapping.join()
        loaded, was_refused, last = done.stdout.split()
        equal((int(loaded) + int(was_refused), last), (300, "b'good'"), done.stderr)


@test
def nobody_can_write_to_what_is_loaded():
    with folder() as f:
        package(f)
        code = ("import os, fcntl, stat\nfrom pratique import native\nnative.load('thing', 'libthing.so')\n"
                "fd = native._held[0]\n"
                "for name, act in dict(write=lambda: os.pwrite(fd, b'x', 0), cut=lambda: os.ftruncate(fd, 1),\n"
                "        grow=lambda: os.ftruncate(fd, 1 << 20),\n"
                "        again=lambda: os.write(os.open(f'/proc/self/fd/{fd}', os.O_RDWR), b'x')).items():\n"
                "    try: act(); print('could', name)\n    except OSError: pass\n"
                "print(fcntl.fcntl(fd, fcntl.F_GET_SEALS) & 15, os.get_inheritable(fd))")
        equal(python(f, code).stdout.split(), ["15", "False"])


@test
def a_number_that_comes_again_is_not_taken_for_the_library_it_was():
    one, two = plain("one", 1), plain("two", 2)
    with folder() as f:
        put(f, {"thing/__init__.py": "", "thing/a.so": one, "thing/b.so": two,
                "thing/pratique.lock": lock(entry("thing/a.so", one), entry("thing/b.so", two))})
        code = ("import os\nfrom pratique import native\na = native.load('thing', 'a.so')\n"
                "os.closerange(3, 50)\nprint(a.answer(), native.load('thing', 'b.so').answer())")
        equal(python(f, code).stdout.split(), ["1", "2"])


@test
def without_memory_files_the_copy_is_private_and_gone_afterwards():
    with folder() as f, folder() as temporary:
        package(f)
        env = {"TMPDIR": temporary}
        equal(load(f, before=FALLBACK, env=env), "loaded 42")
        package(f, installed=plain("bad", 66))
        refused(load(f, before=FALLBACK, env=env), "is not loaded")
        equal(os.listdir(temporary), [])
        package(f, module(), "_native.abi3.so", abi="abi3")
        equal(load(f, "_native", before=FALLBACK, env=env), "loaded 42")


@test
def importing_the_loader_does_nothing():
    with folder() as f:
        code = ("import sys\nsaw = []\nbefore = set(sys.modules)\n"
                "sys.addaudithook(lambda e, a: saw.append((e, a)) if e.startswith(('socket', 'subprocess', "
                "'os.system', 'os.exec', 'os.posix_spawn', 'ctypes.dlopen', 'urllib')) else None)\n"
                "import pratique.native\n"
                "print([s for s in saw if s != ('ctypes.dlopen', (None,))],"
                " [m for m in sys.modules if m.split('.')[0] in ('urllib', 'http', 'socket', 'ssl', 'subprocess')"
                " and m not in before])")
        equal(python(f, code).stdout.strip(), "[] []")


@test
def no_network_and_no_process_while_loading():
    with folder() as f:
        package(f)
        code = ("import sys\nsaw = []\n"
                "sys.addaudithook(lambda e, a: saw.append(e) if e.startswith(('socket', 'subprocess', "
                "'os.system', 'os.exec', 'os.posix_spawn', 'os.fork', 'urllib')) else None)\n"
                "from pratique import native\nprint(native.load('thing', 'thing').answer(), saw)")
        equal(python(f, code).stdout.strip(), "42 []")
        for name in ("PRATIQUE_SKIP", "PRATIQUE_SKIP_HASH_CHECK", "THING_SKIP_HASH_CHECK", "PRATIQUE_OFFLINE"):
            package(f, installed=plain("bad", 66))
            refused(load(f, env={name: "1"}))


@test
def an_extension_that_came_from_elsewhere_is_not_taken_for_ours():
    with folder() as f:
        package(f, module(), "_native.abi3.so", abi="abi3")
        put(f, {"thing/_native.abi3.so": module(66)})
        done = python(f, "import thing._native\nfrom pratique import native\n"
                         "try: print(native.load_extension('thing', '_native'))\n"
                         "except native.Refused as e: print('refused', e)")
        refused(done.stdout)
        put(f, {"thing/_native.abi3.so": module()})
        done = python(f, "import thing._native\nfrom pratique import native\n"
                         "try: print(native.load_extension('thing', '_native'))\n"
                         "except native.Refused as e: print('refused', e)")
        refused(done.stdout, "imported already")


@test
def every_python_from_3_9_on_loads_it():
    tried = 0
    with folder() as f, folder() as g:
        package(f)
        package(g, module(), "_native.abi3.so", abi="abi3", python="cp39")
        for what, program in sorted(PYTHONS.items()):
            equal(load(f, program=program), "loaded 42", what)
            equal(load(g, "_native", program=program), "loaded 42", what)
            tried += 1
    if not tried:
        raise Skip("no CPython from 3.9 on")


@test
def a_library_finds_one_that_was_loaded_before_by_its_soname():
    with folder() as f:
        put(f, {"dep.c": "int dep(void) { return 40; }", "main.c": "int dep(void); int answer(void) { return dep() + 2; }"})
        for args in (["-Wl,-soname,libdep-x.so.1", "-o", "libdep.so", "dep.c"],
                     ["-o", "libthing.so", "main.c", "./libdep.so"]):
            subprocess.run([os.environ.get("CC", "cc"), "-fPIC", "-shared", *args], cwd=f, check=True)
        dep, main = (pathlib.Path(f, name).read_bytes() for name in ("libdep.so", "libthing.so"))
        put(f, {"thing/__init__.py": "", "thing/libdep.so": dep, "thing/libthing.so": main,
                "thing/pratique.lock": lock(entry("thing/libdep.so", dep), entry("thing/libthing.so", main))})
        equal(load(f, before="from pratique import native\nnative.load('thing', 'libdep.so')\n"), "loaded 42")


def in_a_world_of_its_own(folder, setup, code):
    """Runs it as another process with mounts and process ids of its own, after the setup."""
    env = dict(os.environ, PYTHONPATH=f"{ROOT / 'python'}:{folder}", PYTHONDONTWRITEBYTECODE="1")
    put(folder, {"run.py": code})
    done = subprocess.run(["unshare", "-m", "-p", "-f", "--mount-proc", "sh", "-c",
                           f"{setup} || exit 77; exec {sys.executable} run.py"],
                          cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    if done.returncode in (1, 77, 127) and not done.stdout:
        raise Skip("no namespaces: " + done.stderr[-200:])
    return done.stdout.strip()


@test
def kernels_without_memory_files_that_run():
    """vm.memfd_noexec = 2 forbids those that a program could be run from; ours are mapped alone."""
    with folder() as f:
        package(f)
        equal(in_a_world_of_its_own(f, "echo 2 > /proc/sys/vm/memfd_noexec", LOAD % "libthing.so"), "loaded 42")


@test
def without_proc_or_with_a_false_one():
    with folder() as f:
        package(f)
        bad = plain("bad", 66)
        put(f, {"bad.so": bad})
        equal(in_a_world_of_its_own(f, "mount -t tmpfs none /proc", LOAD % "libthing.so"), "loaded 42")
        false = ("mount -t tmpfs none /proc && mkdir -p /proc/self/fd && "
                 "for i in 0 1 2 3 4 5 6 7 8 9 10 11 12; do cp bad.so /proc/self/fd/$i; done")
        equal(in_a_world_of_its_own(f, false, LOAD % "libthing.so"), "loaded 42")


NO_DESCRIPTORS = """
import os, resource
from pratique import native
native._find("thing", "thing")
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
held, what = [], []
try:
    while True:
        held.append(os.open("/dev/null", 0))
except OSError:
    pass
for left in range(3):
    try:
        native.load("thing", "thing")
        what.append("loaded")
    except (native.Refused, OSError):
        what.append("no")
    native._libraries.clear()
    os.close(held.pop())
for h in held:
    os.close(h)
print(what[0], native.load("thing", "thing").answer())
"""


@test
def when_there_are_no_descriptors_left():
    """Nothing else is loaded then; afterwards it works."""
    with folder() as f:
        package(f)
        done = python(f, NO_DESCRIPTORS)
        equal(done.stdout.split(), ["no", "42"], done.stderr)


@test
def a_package_folder_that_is_a_link_and_one_in_a_zip_file():
    with folder() as f, folder() as g:
        package(g)
        os.symlink(f"{g}/thing", f"{f}/thing")
        equal(load(f), "loaded 42")
        with zipfile.ZipFile(f"{f}/zipped.zip", "w") as z:
            for path in pathlib.Path(g, "thing").iterdir():
                z.write(path, f"thing/{path.name}")
        os.unlink(f"{f}/thing")
        refused(load(f, before=f"import sys; sys.path.insert(0, {f + '/zipped.zip'!r})\n"), "not pinned")


FORKED = """
import os, signal, threading, time, warnings
from pratique import native
warnings.simplefilter("ignore")
real, in_it = native._copy, threading.Event()
def slow(*a):
    in_it.set()
    time.sleep(0.3)
    real(*a)
native._copy = slow
t = threading.Thread(target=native.load, args=("thing", "thing"))
t.start()
in_it.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    os._exit(native.load("thing", "thing").answer())
t.join()
print(os.waitpid(pid, 0)[1] >> 8, native.load("thing", "thing").answer())
"""


@test
def a_process_that_was_forked_while_another_thread_loaded():
    with folder() as f:
        package(f)
        done = python(f, FORKED)
        equal(done.stdout.split(), ["42", "42"], done.stderr)


ANEW = """
import sys
from pratique import native
one = native.load("thing", "_native")
del sys.modules["thing._native"]
native._modules.clear()
two = native.load("thing", "_native")
print(one.answer, two.answer)
try:
    import _xxsubinterpreters as sub
except ImportError:
    sys.exit()
try:
    other = sub.create(isolated=False)
except TypeError:
    other = sub.create()
sub.run_string(other, '''
from pratique import native
try:
    print(native.load("thing", "_native").answer)
except ImportError as e:  # such modules may be for the first interpreter alone
    print(42 if "interpreter" in str(e) else e)
''')
sys.stdout.flush()
"""


@test
def an_extension_module_that_is_loaded_anew_and_in_another_interpreter():
    with folder() as f:
        package(f, module(), "_native.abi3.so", abi="abi3")
        done = python(f, ANEW)
        assert done.returncode == 0 and set(done.stdout.split()) == {"42"}, (done.stdout, done.stderr)
