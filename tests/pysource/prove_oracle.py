#!/usr/bin/env python3
"""Proves with CPython that the corpus is what it says: the guilty do it, the innocent do not.

Each Python file of cases.tsv runs in a child of its own, under an audit hook. A guilty file
must raise an event of a rule that it is listed for (or, where CPython has no such event,
run to its end: those are counted apart). A broken one must be refused by the compiler. An
innocent one must raise none from its own code; packages that are not installed are played
by stubs. Files that need another grammar, package or program are only counted (column
`needs`). TAP on standard output.

Every payload is harmless: `echo pratique-fixture`, /nonexistent/..., 127.0.0.1:9.

Usage: prove_oracle.py [WORD]    only the files whose name contains WORD
"""
import _signal
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 20
NETWORK = {"socket", "_socket", "ssl", "_ssl", "urllib.request", "http.client", "http.server", "ftplib",
           "smtplib", "poplib", "imaplib", "telnetlib", "nntplib", "xmlrpc.client", "socketserver",
           "webbrowser", "multiprocessing.connection"}
EVENTS = {
    "UPL001": {"os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
               "pty.spawn", "call fork_exec"},
    "UPL002": {"exec", "compile", "marshal.loads", "marshal.load", "code.__new__", "function.__new__",
               "call __import__", "call load_module", "open a fixture", "import imp", "import code"},
    "UPL003": {"import network", "socket.connect", "socket.bind", "socket.__new__"},
    "UPL004": {"open /nonexistent"},
    "UPL005": {"import ctypes", "import _ctypes", "ctypes.dlopen", "call create_dynamic"},
    "UPL006": {"pickle.find_class", "call loads of _pickle", "import shelve", "marshal.loads", "marshal.load"},
    "UPL007": {"object.__getattr__", "sys._getframe", "gc.get_objects", "gc.get_referents",
               "call __subclasses__", "object.__setattr__"},
    "SRC001": {"pickle.find_class", "call loads of _pickle", "import shelve"},
}
EVENTS["UPL008"] = set().union(*EVENTS.values())
EVENTS["SRC*"] = EVENTS["SRC001"]
GUILTY = EVENTS["UPL001"] | EVENTS["UPL003"] | EVENTS["UPL004"] | EVENTS["UPL006"] | {
    "exec", "compile", "import ctypes", "call __import__"}


class Stub(types.ModuleType):
    """Stands for a package that is not installed: any attribute, call or operator is another."""
    __path__ = ()

    def __init__(self, name="stub", *_, **__):
        super().__init__(str(name))

    def __getattr__(self, name):
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        return Stub(name)

    def __call__(self, *args, **_):
        return args[0] if len(args) == 1 and callable(args[0]) else Stub()

    def __mro_entries__(self, _):
        return ()

    def __iter__(self):
        return iter((Stub(), Stub()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __len__(self):
        return 2

    def __index__(self):
        return 2

    def __float__(self):
        return 2.0

    def __hash__(self):
        return 1


def _other(self, *_):
    return self


for _name in ("add radd sub rsub mul rmul truediv rtruediv floordiv mod pow rpow matmul neg and or xor invert "
              "eq ne lt le gt ge getitem setitem abs").split():
    setattr(Stub, "__%s__" % _name, _other)


class StubFinder:
    """Last on the meta path: what nobody else found is a stub, if innocent files may use it."""
    PACKAGES = {"numpy", "scipy", "pandas", "torch", "torchvision", "sklearn", "matplotlib", "yaml", "pydantic",
                "django", "flask", "safetensors", "tqdm", "click", "pytest", "h5py", "PIL", "networkx",
                "transformers", "jax", "tensorflow", "sympy", "numba", "xarray", "polars", "attr", "rich"}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] in cls.PACKAGES:
            return sys.__spec_type__(name, cls)
        return None

    @staticmethod
    def create_module(spec):
        return Stub(spec.name)

    @staticmethod
    def exec_module(module):
        pass


sys.__spec_type__ = type(sys.__spec__)


def during_import(frame):
    """Whether the import machinery is at work below the file that runs."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def name_of_event(event, args, frame, path):
    """The event as EVENTS has it, or None when it says nothing about the file at path."""
    if event == "import":
        if args[0] in NETWORK:
            return "import network"
        return "import " + args[0]
    if event == "open":
        opened = args[0].decode(errors="replace") if isinstance(args[0], bytes) else str(args[0])
        if opened.startswith(("/nonexistent/", "//nonexistent/")):
            return "open /nonexistent"
        return "open a fixture" if "nonexistent-pratique" in opened else None
    if event in ("os.rename", "os.symlink", "os.link"):
        return "open /nonexistent" if str(args[1]).startswith("/nonexistent/") else event
    if event in ("exec", "compile", "function.__new__", "code.__new__", "marshal.loads", "object.__getattr__",
                 "sys._getframe") and during_import(frame):
        return event if frame.f_code.co_filename == path or made_up(event, args, frame) else None
    return event


def made_up(event, args, frame):
    """An import that executes a module which has no file."""
    return (event == "exec" and getattr(args[0], "co_filename", "") == "<string>"
            and frame.f_code.co_filename.startswith("<frozen importlib"))


def child(path, innocent, out):
    """Runs the file; each line written to out is "* event" (from the file itself) or "- event"."""
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    _signal.alarm(SECONDS)
    os.chdir(HERE)
    name = "__main__" if not innocent else "fixture"
    module = types.ModuleType(name)
    module.__dict__.update(__file__=path, __builtins__=sys.modules["builtins"])
    sys.modules[name] = module
    sys.argv = [path]
    if innocent:
        sys.meta_path.append(StubFinder)

    busy = []  # looking at a frame raises events too

    def note(event, args, frame=None):
        if busy:
            return
        busy.append(event)
        try:
            write(event, args, frame or sys._getframe(2))  # below the hook
        finally:
            busy.clear()

    def write(event, args, frame):
        label = name_of_event(event, args, frame, path)
        if label and not (label == "exec" and frame.f_code.co_filename == __file__):
            own = frame.f_code.co_filename == path
            os.write(out, ("%s %s\n" % ("*" if own else "-", label)).encode())

    def profile(frame, event, function):
        if event == "c_call":
            called = getattr(function, "__name__", "")
            if called in ("loads", "load") and getattr(function, "__module__", "") == "_pickle":
                note("call loads of _pickle", (), frame)
            elif called in ("fork_exec", "__subclasses__", "create_dynamic") or (
                    called in ("__import__", "load_module") and not during_import(frame)):
                note("call " + called, (), frame)

    try:
        run = runner(path, module)
        sys.addaudithook(lambda event, args: note(event, args))
        sys.setprofile(profile)
        run()
        end = "end"
    except SyntaxError as error:
        end = "syntax %s" % error.lineno
    except BaseException as error:
        end = "raised %s: %s" % (type(error).__name__, str(error)[:100].replace("\n", " "))
    sys.setprofile(None)
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()
    os.write(out, ("= %s\n" % end).encode())
    os._exit(0)


def runner(path, module):
    if path.endswith(".zip"):
        sys.path.insert(0, path)
        entry = "__main__"
        loader = __import__("zipimport").zipimporter(path)
        code = loader.get_code(entry)
        return lambda: exec(code, module.__dict__)
    with open(path, "rb") as f:
        source = f.read()
    if path.endswith(".pth"):  # site.py executes the lines that begin with an import
        lines = [x for x in source.decode().splitlines() if x.startswith(("import ", "import\t"))]
        return lambda: [exec(compile(x, path, "exec"), module.__dict__) for x in lines]
    code = compile(source, path, "exec", dont_inherit=True)
    return lambda: exec(code, module.__dict__)


def observe(path, innocent):
    """(events from the file itself, all events, how it ended)"""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        try:
            child(path, innocent, w)
        except BaseException as error:
            os.write(w, ("= harness: %r\n" % error).encode())
        finally:
            os._exit(1)
    os.close(w)
    with open(r, "rb") as f:
        lines = f.read().decode(errors="replace").splitlines()
    os.waitpid(pid, 0)
    own = {x[2:] for x in lines if x[:1] == "*"}
    return own, own | {x[2:] for x in lines if x[:1] == "-"}, next(
        (x[2:] for x in lines if x[:1] == "="), "left")


def read_cases():
    with open(os.path.join(HERE, "cases.tsv"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def skipped(needs):
    """Why a file cannot run here, or None."""
    if needs.startswith("3."):
        newer = tuple(map(int, needs.split(".")))
        return None if sys.version_info >= newer else "needs Python " + needs
    if needs == "old":
        return "needs a module that Python 3.12 or 3.13 dropped" if sys.version_info >= (3, 12) else None
    return {"pkg": "needs another package", "file": "is not run by Python"}.get(needs)


def judge(name, rules, needs, counts):
    """(good, why) of one case."""
    innocent = name.startswith("innocent/")
    own, events, end = observe(os.path.join(HERE, name), innocent)
    if needs == "broken":
        refused = end.startswith("syntax") or "null bytes" in end  # a ValueError before 3.11.4
        return refused, "CPython compiles it: " + end
    if innocent:
        bad = own & GUILTY
        return end in ("end", "raised SystemExit: 0") and not bad, "%s %s" % (end, sorted(bad))
    wanted = set().union(*(EVENTS.get(rule, set()) for rule in rules.split(",")))
    if events & wanted:
        counts["by event"] += 1
        return True, ""
    counts["ran to its end"] += 1
    return end == "end" and "UPL007" in rules or end == "end" and "SRC" in rules, "%s; events: %s" % (
        end, " ".join(sorted(events)) or "none")


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    counts = {"by event": 0, "ran to its end": 0}
    n = bad = 0
    for name, _, rules, _, needs in read_cases():
        if word not in name or name.startswith("innocent/") and not name.endswith(".py"):
            continue
        n += 1
        why = skipped(needs)
        if why:
            print("ok %d - prove: %s # SKIP %s" % (n, name, why))
            continue
        good, why = judge(name, rules, needs, counts)
        bad += not good
        print("%sok %d - prove: %s" % ("" if good else "not ", n, name))
        if not good:
            print("# " + why)
    print("1..%d" % n)
    print("# guilty: " + ", ".join("%d %s" % (v, k) for k, v in counts.items()))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
