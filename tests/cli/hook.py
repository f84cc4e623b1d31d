#!/usr/bin/env python3
"""The hook library and the runner under every Python that is here (PATH, pyenv).

build/release/hear stands for the supervisor: it runs a command and writes what is told.
"""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from _pythons import PYTHONS
from _tap import ROOT, Skip, equal, main, test

HEAR, HOOK = str(ROOT / "build/release/hear"), str(ROOT / "build/release/hook.so")
RUNNER = ROOT / "src/watch/runner.py"
HELLO, AUDIT, MARK, CANARY, CLOCK = 1, 2, 3, 4, 5

Record = collections.namedtuple("Record", "pid op texts")


def hear(*command, env=None, cwd=None, hook=HOOK, timeout=120, clocks=False):
    """What was told, and the finished process; where the clocks are is left out unless asked for."""
    if not os.path.exists(HEAR):
        raise Skip("make hear builds the listener")
    with tempfile.NamedTemporaryFile(prefix="pratique-test-") as out:
        done = subprocess.run([HEAR, out.name, "env", f"LD_PRELOAD={hook}", *command], capture_output=True,
                              cwd=cwd, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **(env or {})),
                              timeout=timeout)
        lines = out.read().decode("utf-8", "surrogateescape").split("\n")[:-1]
    if done.returncode == 125 and b"listener" in done.stderr:
        raise Skip("no seccomp user notification here")
    told = []
    for line in lines:
        pid, op, text = line.split(" ", 2)
        if clocks or int(op) != CLOCK:
            told.append(Record(int(pid), int(op), text.split("|")))
    return told, done


def each(code, *options, **kw):
    """Runs code as a file under every interpreter: (name, records, process, path of the file)."""
    if not PYTHONS:
        raise Skip("no Python from 3.9 to 3.14")
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
            path = pathlib.Path(folder) / "it.py"
            path.write_text(code, encoding="utf-8")
            told, done = hear(python, "-I", *options, str(path), **kw)
            yield name, told, done, str(path)


def events(told, name):
    return [r.texts for r in told if r.op == AUDIT and r.texts[0] == name]


def frames(texts):
    """After the name and four arguments; each is ended, so the last is empty."""
    return texts[5:-1]


@test
def it_says_hello_once_a_process_and_its_version():
    for name, told, done, _ in each("import sys; print(sys.version.split()[0])"):
        hellos = [r for r in told if r.op == HELLO]
        equal(len(hellos), 1, name)
        assert hellos[0].texts[0].startswith(done.stdout.decode().strip()), name


@test
def the_frames_are_those_that_act():
    code = """import os, socket, subprocess
def call():
    try:
        socket.socket().connect(("127.0.0.1", 1))
    except OSError:
        pass
class Thing:
    def run(self):
        subprocess.run(["/bin/echo", "one two"])
call()
Thing().run()
os.system("exit 0")
"""
    for name, told, done, path in each(code):
        qualified = "Thing.run" if not name.startswith(("3.9 ", "3.10 ")) else "run"
        equal(done.stdout, b"one two\n", name)
        (connect,), (popen,), (system,) = (events(told, e) for e in
                                           ("socket.connect", "subprocess.Popen", "os.system"))
        equal(connect[2], "127.0.0.1:1", name)
        equal(frames(connect), [f"{path}:4 call", f"{path}:10 <module>"], name)
        equal(popen[1:3], ["/bin/echo", "/bin/echo one two"], name)
        equal(frames(popen)[-2:], [f"{path}:9 {qualified}", f"{path}:11 <module>"], name)
        assert re.search(r"subprocess\.py:\d+ (Popen\.)?_execute_child$", frames(popen)[0]), name
        equal((system[1], frames(system)), ("exit 0", [f"{path}:12 <module>"]), name)


@test
def opens_are_told_when_they_write_or_read_in_the_home():
    code = """import os, pathlib
home = pathlib.Path(os.environ["HOME"])
open("/etc/passwd").close()
open(os.devnull, "w").close()
open(home / "read").close()
os.close(os.open(str(home / "written"), os.O_RDWR | os.O_CREAT))
os.close(os.open(os.fsencode(home) + b"/b\\xff", os.O_WRONLY | os.O_CREAT))
open("/etc/../etc/passwd").close()
os.fdopen(os.dup(2), "w").close()
"""
    with tempfile.TemporaryDirectory(prefix="pratique-home-") as home:
        (pathlib.Path(home) / "read").touch()
        for name, told, done, path in each(code, env={"HOME": home}):
            equal(done.returncode, 0, f"{name}: {done.stderr}")
            got = [(t[1].rpartition("/")[2], frames(t)) for t in events(told, "open") if t[1] != path]
            want = [(file, [f"{path}:{line} <module>"]) for file, line in
                    (("null", 4), ("read", 5), ("written", 6), ("b\udcff", 7), ("passwd", 8))]
            equal(got, want, name)


@test
def a_pending_exception_and_errno_are_kept():
    code = """import ctypes, sys
class Loud(Exception):
    def __del__(self):
        try:
            sys.audit("os.system", "in a destructor")
        except BaseException as e:
            print("no", e)
def inner():
    try:
        raise KeyError("first")
    finally:
        sys.audit("os.system", "\\udcff", 1 << 80, [object(), "\\ud800"])
try:
    inner()
except KeyError as e:
    print("kept", e, sys.exc_info()[0].__name__)
raised = sys.exc_info()[1]
libc = ctypes.CDLL(None, use_errno=True)
ctypes.set_errno(7)
sys.audit("os.system", "x")
print(ctypes.get_errno())
# the C interface, with an exception set
api = ctypes.pythonapi
api.PyErr_SetString.argtypes = [ctypes.py_object, ctypes.c_char_p]
api.PyErr_SetString.restype = None
api.PySys_Audit.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
for wrong in ([], [1], [None, None, None], ["a", 2, "r"], ["a", None, 1 << 70]):
    for event in ("open", "import", "os.putenv", "pratique.mark", "subprocess.Popen", "socket.connect"):
        sys.audit(event, *wrong)
        sys.audit(event, wrong, tuple(wrong), {1: wrong}, b"\\0\\xff", 5)
Loud()
print("end", raised)
"""
    for name, told, done, _ in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        equal(done.stdout.decode().split("\n"), ["kept 'first' KeyError", "7", "end None", ""], name)
        equal(events(told, "os.system")[0][1:4], ["\\udcff", "-1", "? \\ud800"], name)
        assert ["os.system", "in a destructor"] in [t[:2] for t in events(told, "os.system")], name


@test
def objects_of_the_watched_are_not_run():
    code = """import sys
class Text(str):
    def __str__(self): print("ran"); return "x"
    __repr__ = __fspath__ = __len__ = encode = __getitem__ = __iter__ = __str__
class Many(list):
    def __getitem__(self, i): print("ran"); return 1
    __len__ = __iter__ = __getitem__
class Path:
    def __fspath__(self): print("ran"); return "x"
    @property
    def __class__(self): print("ran"); return str
class Number(int):
    def __index__(self): print("ran"); return 1
    __int__ = __index__
sys.audit("open", Text("path"), Text("w"), Number(5))
sys.audit("subprocess.Popen", Path(), Many(["a", Path()]), Number(7), Path)
sys.audit("socket.connect", Path(), (Text("host"), Number(9)))
"""
    for name, told, done, _ in each(code):
        equal((done.stdout, done.stderr), (b"", b""), name)
        equal(events(told, "open")[-1][1:4], ["path", "w", "5"], name)
        equal(events(told, "subprocess.Popen")[0][1:5], ["", "a ?", "7", ""], name)
        equal(events(told, "socket.connect")[0][2], "host:9", name)


@test
def it_cannot_be_removed():
    code = """import sys, gc, builtins
sys.addaudithook(lambda *a: None)
for name in dir(sys):
    if "hook" in name or name in ("audit", "addaudithook"):
        try:
            delattr(sys, name)
        except AttributeError:
            pass
builtins.__import__ = None
gc.collect()
import posix
"""
    code = code.replace("import posix\n", "") + """
sys.modules["os"].system("exit 0")
"""
    for name, told, done, _ in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        assert events(told, "sys.addaudithook"), name
        equal(len(events(told, "os.system")), 1, name)


@test
def a_hook_that_throws_does_not_silence_it():
    code = """import sys, os
def refuse(event, args):
    if event == "os.system":
        raise RuntimeError("refused")
sys.addaudithook(refuse)
try:
    os.system("exit 0")
except RuntimeError as e:
    print(e)
"""
    for name, told, done, _ in each(code):
        equal(done.stdout, b"refused\n", name)
        equal(len(events(told, "os.system")), 1, name)


@test
def recursion_threads_and_deep_stacks():
    code = """import sys, threading
def deep(n):
    if n:
        return deep(n - 1)
    sys.audit("os.system", "deep")
deep(400)
def loop():
    try:
        sys.audit("os.system", "bottom")
        loop()
    except RecursionError:
        pass
sys.setrecursionlimit(200)
loop()
sys.setrecursionlimit(1000)
def work(k):
    for i in range(500):
        sys.audit("os.system", "%d/%d" % (k, i))
threading.stack_size(64 * 1024)
threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
for t in threads: t.start()
for t in threads: t.join()
"""
    for name, told, done, path in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        got = events(told, "os.system")
        equal(len(frames(got[0])), 24, name)
        equal(frames(got[0])[0], f"{path}:5 deep", name)
        equal(len([t for t in got if "/" in t[1]]), 8 * 500, name)
        equal(len({t[1] for t in got if "/" in t[1]}), 8 * 500, name)


@test
def long_names_and_arguments_stay_in_bounds():
    code = """import sys
big = "\\u20ac" * 5000
name = "n" * 3000
exec(compile("def %s(n):\\n  if n: %s(n - 1)\\n  else: sys.audit('subprocess.Popen', big, [big] * 50, (big, 1), ['x'] * 900)\\n%s(60)" % (name, name, name), "/x\\n" + big, "exec"))
sys.audit("os.system", "a\\0b")
sys.audit("pratique.mark", "m" * 9000)
"""
    for name, told, done, _ in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        (popen,), (system,) = events(told, "subprocess.Popen"), events(told, "os.system")
        assert all(len(a.encode()) <= 520 for a in popen[1:5]), name
        assert popen[1].endswith("\u20ac") and frames(popen)[0].startswith("/x?\u20ac"), name
        assert len("|".join(popen).encode()) <= 6144, name
        equal(system[1], "a@b", name)
        equal([len(r.texts[0]) for r in told if r.op == MARK], [6144], name)


@test
def children_are_heard():
    code = """import os, subprocess, sys
pid = os.fork()
if not pid:
    os.system("exit 1")
    os._exit(0)
os.waitpid(pid, 0)
subprocess.run([sys.executable, "-I", "-c", "import os; os.system('exit 2')"])
subprocess.run(["sh", "-c", sys.executable + " -c 'import os; os.system(\\"exit 3\\")'"])
"""
    for name, told, done, _ in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        equal([t[1] for t in events(told, "os.system")], ["exit 1", "exit 2", "exit 3"], name)
        equal(len([r for r in told if r.op == HELLO]), 3, name)
        equal(len({r.pid for r in told if r.texts[0] == "os.system"}), 3, name)


@test
def other_interpreters_and_the_end_of_this_one_are_heard():
    code = """import os, sys
try:
    import _interpreters as other
except ImportError:
    import _xxsubinterpreters as other
other.run_string(other.create(), "import os; os.system('exit 1')")
class Late:
    def __del__(self, run=os.system):
        run("exit 2")
late = Late()
"""
    for name, told, done, _ in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        equal([t[1] for t in events(told, "os.system")], ["exit 1", "exit 2"], name)


@test
def what_the_garbage_collection_runs_is_heard():
    code = """import gc, os, sys
class Ring:
    def __init__(self):
        self.me = self
    def __del__(self, run=sys.audit):
        run("os.system", "in a finalizer")
gc.set_threshold(3)
for i in range(200):
    Ring()
    sys.audit("os.system", "from outside")
gc.collect()
"""
    for name, told, done, _ in each(code):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        got = [t[1] for t in events(told, "os.system")]
        equal((got.count("from outside"), got.count("in a finalizer")), (200, 200), name)


@test
def the_interpreters_own_checks_of_memory_pass():
    for name, told, done, _ in each("import os; os.system('exit 0')", "-X", "dev"):
        equal((done.returncode, done.stderr), (0, b""), name)
        equal(len(events(told, "os.system")), 1, name)
    for name, python in PYTHONS.items():
        told, done = hear(python, "-c", "import os; os.system('exit 0')", env={"PYTHONMALLOC": "malloc_debug"})
        equal((done.returncode, done.stderr), (0, b""), name)
        equal(len(events(told, "os.system")), 1, name)


@test
def ten_thousand_events():
    code = """import sys
for i in range(10000):
    sys.audit("os.system", str(i))
"""
    for name, told, done, _ in each(code):
        equal([t[1] for t in events(told, "os.system")], [str(i) for i in range(10000)], name)


@test
def what_does_not_matter_is_not_told():
    code = "import json, ctypes, decimal, logging, http.client, email, collections\nid(1); sys = __import__('sys'); sys._getframe()\n"
    for name, told, done, path in each(code, env={"HOME": "/nonexistent"}):
        equal(done.returncode, 0, f"{name}: {done.stderr}")
        rest = [r.texts[:4] for r in told if r.op == AUDIT and r.texts[0] not in
                ("cpython.run_file", "ctypes.dlopen", "ctypes.dlsym")]
        equal(rest, [], name)


@test
def it_needs_no_newer_libc_than_that_of_debian_11():
    versions = {int(n) for n in re.findall(rb"GLIBC_2\.(\d+)", pathlib.Path(HOOK).read_bytes())}
    assert versions and max(versions) <= 31, versions


@test
def it_exports_the_clocks_and_needs_little():
    if not shutil.which("nm"):
        raise Skip("no nm")
    lines = subprocess.run(["nm", "-D", HOOK], capture_output=True, text=True, check=True).stdout.splitlines()
    names = [line.split()[-2:] for line in lines]
    equal(sorted(n for kind, n in names if kind not in "Uw"),
          ["clock_gettime", "gettimeofday", "time", "timespec_get"])
    assert not {"dlsym", "malloc", "__tls_get_addr"} & {n.partition("@")[0] for kind, n in names if kind == "U"}, names


@test
def every_program_tells_its_clock_once():
    for command, want in ((["true"], 2), (["sh", "-c", "true; (true); /bin/true; exec /bin/true"], 4)):
        told, done = hear(*command, clocks=True)  # env itself has it not
        equal((done.returncode, {r.op for r in told}, len(told)), (0, {CLOCK}, want - 1), command)


@test
def the_clocks_are_ahead_in_programs_and_their_children():
    ahead = 200 * 86400 + 0.75
    code = """import ctypes, datetime, os, subprocess, sys, time
def gap(clock):
    kernel = Spec()
    assert libc.syscall(228 if os.uname().machine == "x86_64" else 113, clock, ctypes.byref(kernel)) == 0
    return time.clock_gettime(clock) - kernel.s - kernel.ns / 1e9
class Spec(ctypes.Structure):
    _fields_ = [("s", ctypes.c_long), ("ns", ctypes.c_long)]
libc = ctypes.CDLL(None)
def check():
    for clock in (0, 1, 4, 5, 6, 7, 11):
        assert abs(gap(clock) - AHEAD) < 0.02, (clock, gap(clock))
    for clock in (2, 3):
        assert abs(gap(clock)) < 0.02, (clock, gap(clock))
    now = time.time()
    assert abs(libc.time(None) - now) < 2 and abs(datetime.datetime.now().timestamp() - now) < 0.1
    pair, zone = Spec(), (ctypes.c_int * 2)(7, 7)
    assert libc.gettimeofday(ctypes.byref(pair), zone) == 0 and list(zone) == [0, 0]
    assert abs(pair.s + pair.ns / 1e6 - time.time()) < 0.1
    assert libc.gettimeofday(None, zone) == 0 and libc.gettimeofday(ctypes.byref(pair), None) == 0
    assert libc.timespec_get(ctypes.byref(pair), 1) == 1 and libc.timespec_get(ctypes.byref(pair), 9) == 0
    assert abs(pair.s + pair.ns / 1e9 - time.time()) < 0.1
    assert libc.clock_gettime(9999, ctypes.byref(pair)) == -1
check()
if not (pid := os.fork()):
    check()
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
if len(sys.argv) == 1:
    assert subprocess.run([sys.executable, "-I", __file__, "child"]).returncode == 0
    assert abs(float(subprocess.check_output(["date", "+%s.%N"])) - time.time()) < 1
last = 0
for i in range(1000):
    now = time.monotonic_ns()
    assert now >= last
    last = now
""".replace("AHEAD", repr(ahead))
    for name, told, done, _ in each(code, env={"HEAR_AHEAD_NS": str(int(ahead * 1e9))}):
        equal((done.returncode, done.stderr), (0, b""), name)
    for name, python in PYTHONS.items():  # and without a supervisor they are the kernel's
        plain = code.replace(repr(ahead), "0.0")
        with tempfile.NamedTemporaryFile("w", suffix=".py", prefix="pratique-test-") as file:
            file.write(plain)
            file.flush()
            done = subprocess.run([python, "-I", file.name], capture_output=True, timeout=60,
                                  env=dict(os.environ, LD_PRELOAD=HOOK))
        equal((done.returncode, done.stderr), (0, b""), name)


@test
def other_programs_do_not_notice():
    for command in (["sh", "-c", "echo x; exit 3"], ["ls", "/"], ["cat", "/etc/passwd"],
                    ["git", "--version"], ["gcc", "--version"], ["curl", "--version"]):
        if not shutil.which(command[0]):
            continue
        told, done = hear(*command)
        bare = subprocess.run(command, capture_output=True, timeout=60)
        equal((told, done.returncode, done.stdout, done.stderr),
              ([], bare.returncode, bare.stdout, bare.stderr), command[0])


@test
def a_program_without_a_listener_runs_as_ever():
    for name, python in PYTHONS.items():
        done = subprocess.run([python, "-I", "-c", "import os; print(os.system('exit 0'))"], timeout=60,
                              capture_output=True, env=dict(os.environ, LD_PRELOAD=HOOK))
        equal((done.stdout, done.stderr), (b"0\n", b""), name)


@test
def the_linkers_own_list_reaches_processes_without_an_environment():
    script = ('mount --bind "$1" /etc && shift && exec "$@"')
    code = "import os, subprocess, sys; os.system('exit 1'); subprocess.run(['env', '-i', sys.executable, '-c'," \
           " 'import os; os.system(\"exit 2\")'], env={}); print(os.environ.get('LD_PRELOAD'))"
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
            etc = pathlib.Path(folder)
            for file in ("ld.so.cache", "passwd"):
                if os.path.exists(f"/etc/{file}"):
                    shutil.copy(f"/etc/{file}", etc / file)
            (etc / "ld.so.preload").write_text(HOOK + "\n")
            (etc / "out").touch()
            done = subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", folder, HEAR, "/etc/out", python,
                                   "-c", code], capture_output=True, timeout=60)
            if b"unshare" in done.stderr or b"mount:" in done.stderr:
                raise Skip("no user namespaces here")
            equal((done.returncode, done.stdout), (0, b"None\n"), f"{name}: {done.stderr}")
            told = (etc / "out").read_text(errors="replace").splitlines()
        equal([line.split(" ")[1] for line in told].count("1"), 2, name)
        equal([line.split("|")[1] for line in told if " 2 os.system|" in line], ["exit 1", "exit 2"], name)


@test
def a_canary_tells_its_token_and_nothing_else():
    data = pathlib.Path(HOOK).read_bytes()
    token = b"0123456789abcdef01234567"
    mark = b"PRATIQUE-CANARY-TOKEN-"
    equal(data.count(mark + b"0" * 24), 1)
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
        canary = pathlib.Path(folder) / "lib.so"
        canary.write_bytes(data.replace(mark + b"0" * 24, bytes(len(mark)) + token))
        for name, told, done, _ in each(f"import ctypes; ctypes.CDLL({str(canary)!r})"):
            equal([r.texts for r in told if r.op == CANARY], [[token.decode()]], name)
            dlopen = [t for t in events(told, "ctypes.dlopen") if t[1] == str(canary)]
            equal(len(dlopen), 1, name)
        told, _ = hear("true", hook=str(canary))
        assert told and {(r.op, r.texts[0]) for r in told} == {(CANARY, token.decode())}, told


# ---- the runner ----

class Project:
    """A virtual environment made by hand, the runner beside it, and modules to import."""

    def __init__(self, folder, python, modules, listing):
        self.root = pathlib.Path(folder)
        venv = self.root / ".venv"
        version = subprocess.run([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                                 capture_output=True, text=True, check=True).stdout.strip()
        self.site = venv / f"lib/python{version}/site-packages"
        self.site.mkdir(parents=True)
        (venv / "bin").mkdir()
        self.python = venv / "bin/python"
        self.python.symlink_to(python)
        (venv / "pyvenv.cfg").write_text(f"home = {pathlib.Path(python).parent}\n"
                                         "include-system-site-packages = false\n")
        for name, text in modules.items():
            (self.site / name).parent.mkdir(parents=True, exist_ok=True)
            (self.site / name).write_text(text)
        shutil.copy(RUNNER, self.root / "main.py")
        (self.root / "modules.txt").write_text("".join(line + "\n" for line in listing))

    def run(self):
        told, done = hear(str(self.python), str(self.root / "main.py"), cwd="/",
                          env={"HOME": str(self.root)})
        return [r.texts for r in told if r.op == MARK], told, done


def projects(modules, listing):
    if not PYTHONS:
        raise Skip("no Python from 3.9 to 3.14")
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
            yield name, Project(folder, python, modules, listing)


@test
def the_runner_imports_what_is_listed():
    modules = {"good.py": "import sys; sys.audit('os.system', 'of good')", "bad.py": "raise ValueError('a\\nb')",
               "leaves.py": "raise SystemExit(4)", "pack/__init__.py": "", "pack/sub.py": "x = 1",
               "main.py": "import os; os.system('exit 0')"}
    listing = ["g 100", "r good", "r bad", "r leaves", "s pack.sub", "r missing", "r main"]
    for name, project in projects(modules, listing):
        marks, told, done = project.run()
        equal((done.returncode, done.stdout, done.stderr), (0, b"", b""), name)
        equal(marks[0][0], "startup", name)
        equal(marks[1:], [["begin good"], ["end good", ""],
                          ["begin bad"], ["end bad", "ValueError: a b"],
                          ["begin leaves"], ["end leaves", "SystemExit: 4"],
                          ["begin pack.sub"], ["end pack.sub", ""],
                          ["begin missing"],
                          ["end missing", "ModuleNotFoundError: No module named 'missing'"],
                          ["begin main"], ["end main", ""], ["done"]], name)
        got = [(t[1], frames(t)) for t in events(told, "os.system")]
        good, own = project.site / "good.py", project.site / "main.py"
        for (what, where), want in zip(got, ((f"{good}:1 <module>",), (f"{own}:1 <module>",))):
            equal(where[:1], list(want), f"{name} {what}")
            assert all(w.startswith(str(project.root / "main.py")) for w in where[1:]), where


HOSTILE = {
    "replaces": "import builtins, sys, importlib, os\n"
                "builtins.str = builtins.type = builtins.__import__ = builtins.slice = None\n"
                "sys.audit = importlib.import_module = os.chdir = sys.settrace = None\n",
    "traces": "import sys\ndef t(*a): raise RuntimeError('traced')\nsys.settrace(t); sys.setprofile(t)\n",
    "frames": "import sys\nf = sys._getframe()\ndef t(*a): raise RuntimeError('traced')\n"
              "while f: f.f_trace = t; f = f.f_back\nsys.settrace(t)\n",
    "closes": "import os, sys\nsys.stdout.close(); os.close(1)\n",
    "moves": "import os\nos.chdir('/tmp')\n",
    "limits": "import sys\nsys.setrecursionlimit(60)\n",
    "refuses": "import sys\ndef h(e, a):\n  if e == 'pratique.mark': raise BaseException('no')\nsys.addaudithook(h)\n",
    "dies": "class D:\n  def __del__(self): raise SystemExit\nd = D()\ndel d\n",
    "speaks": "class E(BaseException):\n  def __str__(self): raise SystemExit(9)\nraise E\n",
    "named": "class M(type):\n  __name__ = property(lambda s: 1 / 0)\nclass E(BaseException, metaclass=M): pass\nraise E\n",
    "empties": "import gc, sys\nf = sys._getframe()\nwhile f:\n  for v in list(f.f_locals.values()):\n"
               "    if isinstance(v, list) and 'after' in v: v.clear()\n  f = f.f_back\n"
               "for v in gc.get_objects():\n  if isinstance(v, list) and 'after' in v: v.clear()\n",
    "exits": "import atexit, os\natexit.register(os._exit, 3)\n",
    "threads": "import threading, time\nfor i in range(5):\n"
               "  threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n",
    "hooks": "import sys\nclass F:\n  def find_spec(self, *a): raise SystemExit(1)\nsys.meta_path.insert(0, F())\n",
    "clears": "import sys\nsys.modules.clear(); sys.path.clear()\n",
}


@test
def the_runner_survives_what_it_imports():
    for kind, text in HOSTILE.items():
        modules = {"hostile.py": text, "after.py": "x = 1\n"}
        listing = ["r hostile", "r after", "g 0"]
        for name, project in projects(modules, listing):
            marks, _, done = project.run()
            names = [m[0] for m in marks]
            equal(names, ["startup", "begin hostile", "end hostile", "begin after", "end after", "done"],
                  f"{name} {kind}: {done.stderr.decode()[-500:]}")


@test
def the_runner_runs_a_start_up_module_that_another_shadows():
    modules = {"sitecustomize.py": "import os; os.system('exit 0')"}
    for name, project in projects(modules, []):
        marks, told, done = project.run()
        equal(done.returncode, 0, name)
        equal(len(events(told, "os.system")), 1, f"{name}: {marks}")  # by site or by the runner


@test
def the_runner_waits_for_threads_and_children():
    late = ("import os, threading, time\ndef f():\n  time.sleep(0.3)\n  os.system('exit 0')\n"
            "threading.Thread(target=f, daemon=True).start()\n")
    child = ("import os, subprocess, sys\nsubprocess.Popen([sys.executable, '-c', "
             "'import os, time; time.sleep(0.3); os.system(\"exit 0\")'])\n")
    for text in (late, child):
        for name, project in projects({"late.py": text}, ["g 5000", "r late"]):
            _, told, done = project.run()
            equal(len(events(told, "os.system")), 1, name)
    for name, project in projects({"late.py": late.replace("0.3", "30")}, ["g 100", "r late"]):
        _, told, done = project.run()  # it goes on at the end of its grace
        equal((done.returncode, len(events(told, "os.system"))), (0, 0), name)


@test
def of_the_runner_two_files_are_told():
    for name, project in projects({"quiet.py": ""}, ["g 0", "r quiet"]):
        _, told, _ = project.run()
        own = {tuple(r.texts[:2]) for r in told if r.op == AUDIT and r.texts[0] != "cpython.run_file"}
        equal(own - {("open", str(project.root / file)) for file in ("main.py", "modules.txt")} - {("open", "/dev/null")},
              {("open", str(project.root / ".venv/pyvenv.cfg"))} & own, name)


if __name__ == "__main__":
    main()
