#!/usr/bin/env python3
"""Proves the corpus with CPython: the network answers with other bytes than were released.

Each package that brings something from the network is imported (or its setup.py or its entry
point run) in a process of its own, where urllib, requests, httpx, urllib3 and aiohttp are played
by stand-ins that answer every request with hostile bytes, and where an audit hook sees what is
loaded, unpickled, executed and started, and stops it, in some scenes: variables set, another
machine. A good package never uses a hostile byte, but does when it is the one that it pins: else
the proof would be empty. Of both kinds a share cannot show it in this simple play (they need a
certain date, an archive, a forger): those that can are counted, and may not sink.

Nothing leaves the process: connections and processes are stopped, and writes outside of the
folder as well. TAP.

Usage: prove_oracle.py [--brief] [WORD...]
"""
import asyncio
import atexit
import ctypes
import hashlib
import http.client
import importlib
import io
import json
import os
import pathlib
import pickle
import platform
import re
import runpy
import signal
import sys
import tempfile
import threading
import time
import types
import unittest.mock
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli")]

import build  # noqa: E402
import run  # noqa: E402

MARK = "pratique-hostile"
HOSTILE = f"# {MARK}\nX = {MARK!r}\n".encode()
FETCHING = {"FETCH_USED", "CIRCULAR", "FAIL_OPEN", "SWITCH_OFF", "REDIRECT", "WEAK_DIGEST", "TLS_OFF",
            "PLAIN_HTTP", "CACHED", "FINAL_NAME", "EXTRACT"}
PROVEN, ABLE = 0.6, 0.6  # of the bad ones that are tried, of the good ones with a pin
SECONDS = 10
SCENES = ("plain", "variables 1", "variables 0", "variables " + hashlib.sha256(HOSTILE).hexdigest(),
          "machine aarch64", "machine riscv64", "platform sunos5")
WRITES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.symlink", "os.link",
          "shutil.copyfile", "shutil.move", "shutil.rmtree"}
STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile",
          "os.fork", "os.forkpty", "pty.spawn"}


class Stopped(BaseException):
    """Raised by the hook; no "except Exception" catches it."""


class Answer(io.BytesIO):
    """What any of the libraries gives back."""
    status = status_code = code = 200
    ok = True

    def __init__(self, data):
        super().__init__(data)
        self.content, self.data, self.text = data, data, data.decode()
        self.headers = {"Content-Length": str(len(data)),
                        "X-Checksum-Sha256": hashlib.sha256(data).hexdigest()}

    def getcode(self):
        return 200

    def raise_for_status(self):
        pass

    def iter_content(self, chunk_size=None):
        yield self.content

    def iter_bytes(self, chunk_size=None):
        yield self.content

    def json(self):
        return json.loads(self.text)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *e):
        pass


class AsyncAnswer(Answer):
    async def read(self):
        return self.content


def body_of(url):
    """An attacker's server: its digests are those of its own files."""
    url = getattr(url, "full_url", url)
    for name in ("sha256", "sha512"):
        if url.endswith("." + name):
            return hashlib.new(name, HOSTILE).hexdigest().encode()
    if "SUMS" in url or "sums." in url:
        return f"{hashlib.sha256(HOSTILE).hexdigest()}  libfastgeo-linux-x86_64.so\n".encode()
    return HOSTILE


class Client:
    """requests, httpx and their sessions and clients."""
    def __init__(self, *a, **kw):
        self.headers, self.verify = {}, True

    def __enter__(self):
        return self

    def __exit__(self, *e):
        pass

    def get(self, url, *a, **kw):
        return Answer(body_of(url))

    def request(self, method, url, *a, **kw):
        return Answer(body_of(url))

    post = get
    stream = request


class AsyncClient(Client):
    async def __aenter__(self):
        return self

    async def __aexit__(self, *e):
        pass

    def get(self, url, *a, **kw):
        return AsyncAnswer(body_of(url))


def retrieve(url, filename=None, *a):
    if filename is None:
        fd, filename = tempfile.mkstemp()
        os.close(fd)
    with open(filename, "wb") as f:
        f.write(body_of(url))
    return filename, {}


class Connection:
    """http.client's."""
    def __init__(self, host, *a, **kw):
        pass

    def request(self, method, path, *a, **kw):
        self.path = path

    def getresponse(self):
        return Answer(body_of(self.path))

    def close(self):
        pass


class Command:
    """setuptools' commands."""
    build_lib = build_temp = "build"

    def run(self):
        os.makedirs(self.build_lib, exist_ok=True)

    def set_undefined_options(self, *a):
        pass


def setup(cmdclass=(), **kw):
    for name in cmdclass:
        command = cmdclass[name]()
        command.finalize_options() if hasattr(command, "finalize_options") else None
        command.run()


def play_setuptools():
    for name in ("setuptools", "setuptools.command", "setuptools.command.install", "setuptools.command.develop",
                 "setuptools.command.build_py", "setuptools.command.build_ext", "hatchling"):
        sys.modules[name] = unittest.mock.MagicMock(name=name)
    for name in ("install", "develop", "build_py", "build_ext"):
        setattr(sys.modules["setuptools.command." + name], name, type(name, (Command,), {"sub_commands": []}))
    sys.modules["setuptools"].Command, sys.modules["setuptools"].setup = Command, setup


def play_network():
    http.client.HTTPSConnection = http.client.HTTPConnection = Connection
    urllib.request.urlopen = lambda url, *a, **kw: Answer(body_of(url))
    urllib.request.urlretrieve = retrieve
    urllib.request.build_opener = lambda *a: types.SimpleNamespace(open=urllib.request.urlopen)
    for name, client in (("requests", Client), ("httpx", Client), ("aiohttp", AsyncClient), ("urllib3", Client)):
        module = unittest.mock.MagicMock(name=name)
        for word in ("get", "post", "request", "stream"):
            setattr(module, word, getattr(client(), word))
        module.Session = module.Client = module.ClientSession = module.PoolManager = client
        sys.modules[name] = module
    for name in ("huggingface_hub", "boto3", "cffi", "joblib", "torch", "pooch", "nacl", "nacl.signing"):
        sys.modules[name] = unittest.mock.MagicMock(name=name)


def is_hostile(thing):
    if isinstance(thing, (bytes, bytearray, memoryview)):
        return MARK.encode() in bytes(thing)
    if isinstance(thing, types.CodeType):
        return any(is_hostile(c) for c in thing.co_consts)
    return isinstance(thing, str) and MARK in thing


def holds_hostile(path):
    try:
        with io.FileIO(os.fspath(path)) as f:
            return MARK.encode() in f.read(4096)
    except (OSError, TypeError, ValueError):
        return False


def words_of(args):
    """The words of a command, however it is given."""
    for arg in args:
        if isinstance(arg, (list, tuple)):
            yield from words_of(arg)
        elif isinstance(arg, (str, bytes, os.PathLike)):
            yield from os.fsdecode(arg).split()


def names_hostile(word):
    return is_hostile(word) or holds_hostile(word)


class Hook:
    """Notes what is used of the hostile bytes, and stops that and what would leave the folder."""
    def __init__(self, folder):
        self.folder, self.used, self.busy = os.path.realpath(folder), [], False

    def outside(self, path):
        try:
            return not os.path.realpath(os.fsdecode(path)).startswith((self.folder, "/dev/null"))
        except (TypeError, ValueError):
            return False  # a descriptor

    def judge(self, event, args):
        if event in STARTS:
            self.used.append(event if any(map(names_hostile, words_of(args))) else "started")
        elif event == "exec" and is_hostile(args[0]) or event == "marshal.loads" and is_hostile(args[0]):
            self.used.append(event)
        elif event == "ctypes.dlopen" and args[0] and holds_hostile(args[0]):
            self.used.append(event)
        elif event == "import" and args[1] and holds_hostile(args[1]):
            self.used.append(event)
        elif event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname",
                       "socket.bind"):
            pass
        elif event == "open" and args[0] and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            if not self.outside(args[0]):
                return
        elif event in WRITES:
            if not self.outside(args[0]):
                return
        else:
            return
        raise Stopped(event)

    def __call__(self, event, args):
        if not self.busy:
            self.busy = True
            try:
                self.judge(event, args)
            finally:
                self.busy = False


def watch_pickles(hook):
    def loads(data, *a, **kw):
        hook.used.append("pickle")
        raise Stopped("pickle")

    pickle.loads = pickle.load = sys.modules["joblib"].load = loads


def play(folder, files):
    """Imports each module of the package, as its import, its build and its scripts would."""
    sys.path.insert(0, str(folder))
    tops = sorted({f.split("/")[0].removesuffix(".py") for f in files if f.endswith(".py")})
    if build.is_sdist(files):
        os.chdir(folder)
        runpy.run_path("setup.py", run_name="__main__")
        return
    for top in tops:
        importlib.import_module(top)
    for f in files:
        if f.endswith("__main__.py"):
            runpy.run_path(str(folder / f), run_name="__main__")
        elif f.endswith(".py") and "/" in f and not f.endswith("__init__.py"):
            importlib.import_module(f.removesuffix(".py").replace("/", "."))


class Variables(dict):
    """An environment in which each variable is set."""
    value = None

    def __missing__(self, key):
        return self.value

    def __contains__(self, key):
        return True

    def get(self, key, default=None):
        return self[key]


def set_scene(scene, folder):
    """What a scene changes: a variable's value, or the machine."""
    mine = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": "/nonexistent", "USER": "nobody",
            "SSLKEYLOGFILE": ""}  # any value would be a file that Python's ssl begins to write
    os.environ.clear()
    os.environ.update(mine)
    kind, _, value = scene.partition(" ")
    if kind == "variables":
        os.environ = Variables(mine)
        os.environ.value = value
    elif kind == "machine":
        platform.machine = lambda: value
    elif kind == "platform":
        sys.platform = value


def child(folder, files, scene, out):
    """In the process of its own; writes what was used."""
    devnull = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(devnull, fd)
    set_scene(scene, folder)
    tempfile.tempdir = str(folder)
    hook = Hook(folder)
    time.sleep = lambda seconds: None
    play_network()
    play_setuptools()
    watch_pickles(hook)
    sys.addaudithook(hook)
    try:
        play(folder, files)
    except BaseException:  # also SystemExit and ours
        pass
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not isinstance(thread, threading.Timer):
            thread.join(0.5)
    try:
        atexit._run_exitfuncs()
    except BaseException:
        pass
    os.write(out, ",".join(hook.used).encode() or b"-")
    os._exit(0)


def prove(files, folder, scene):
    """What it used, by names of events; None when it did not end."""
    here = f"{folder}".encode()
    for member, data in files.items():
        path = folder / member
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(re.sub(rb"(?<=[\"' ])/(var/)?tmp(?=[/\"'])", lambda m: here, data))
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        signal.alarm(SECONDS)
        try:
            child(folder, files, scene, write)
        finally:
            os._exit(1)
    os.close(write)
    with open(read, "rb") as f:
        said = f.read().decode()
    os.waitpid(pid, 0)
    return None if not said else [] if said == "-" else said.split(",")


def chosen(words):
    for row in run.table("cases.tsv"):
        case = run.Case(row, {})
        wanted = {w for either in case.findings for w in either}
        if words and not any(w in case.name for w in words):
            continue
        if case.side == "good" or wanted & FETCHING and "WRITES" not in wanted and case.verdict == "refuse":
            yield case


def scenes(files):
    """(scene, what was used) of each; the first is the plain one."""
    for scene in SCENES:
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
            yield scene, prove(files, pathlib.Path(folder), scene)


def repinned(files):
    """The same with the digests of the hostile bytes as its pins; None without pins."""
    digests = {len(d): d.encode() for d in (hashlib.new(name, HOSTILE).hexdigest()
                                            for name in ("sha256", "sha384", "sha512"))}
    pin = re.compile(rb"(?<![0-9a-fA-F])(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?![0-9a-fA-F])")
    out = {m: pin.sub(lambda found: digests[len(found[0])], data) for m, data in files.items()}
    return out if out != files else None


def loads_what_it_pins(files):
    """A good one that comes to its end when the bytes are those that it pins: no empty proof."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
        return bool(prove(files, pathlib.Path(folder), "plain"))


def use_of_good(files):
    for scene, used in scenes(files):
        if used is None:
            return f"{scene}: did not end"
        if set(used) - {"started"}:
            return f"{scene}: uses hostile bytes: {used}"
    return None


def first_use(files):
    return (used for _, used in scenes(files))


def main():
    words = [w for w in sys.argv[1:] if w != "--brief"]
    tap = run.Tap("--brief" in sys.argv[1:])
    sources = {side: build.sources(side) for side in ("bad", "good")}
    tried, proven, able = 0, [], []
    assert ctypes and asyncio  # loaded before the hook
    for case in chosen(words):
        files = sources[case.side][case.name.split("/")[1]]
        if case.side == "good":
            fault = use_of_good(files)
            tap.ok(fault is None, case.name, fault or "")
            pinned = repinned(files)
            if pinned:
                able.append((case.name, loads_what_it_pins(pinned)))
            continue
        tried += 1
        if any(first_use(files)):
            proven.append(case.name)
        else:
            print(f"# {case.name}: not proved by this play")
    for name, does in able:
        if not does:
            print(f"# {name}: loads nothing in this play, whatever it pins")
    if not words:
        works = sum(does for _, does in able)
        tap.ok(works >= ABLE * len(able), f"good packages load what they pin: {works} of {len(able)}")
        tap.ok(len(proven) >= PROVEN * tried, f"bad packages use hostile bytes: {len(proven)} of {tried}")
    print(f"1..{tap.n}")
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main())
