"""What the tests of the watch share: the program, an interpreter, reports, the state of the host."""

import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
VERDICT_OF = {0: "admit", 1: "stopped", 2: "usage", 3: "undecided"}
SECRET = "host-secret-that-nobody-may-see-4711"


def has_sitecustomize(python):
    """Whether the interpreter's own sitecustomize would hide a wheel's."""
    code = "import importlib.util as u; print(bool(u.find_spec('sitecustomize')))"
    done = subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.strip() != b"False"


def find_python():
    """An interpreter on PATH, best one without a sitecustomize of its own."""
    if os.environ.get("PRATIQUE_TEST_PYTHON"):
        return os.environ["PRATIQUE_TEST_PYTHON"]
    names = ["python3"] + [f"python3.{n}" for n in (11, 12, 13, 10, 9, 14)]
    found = [p for p in map(shutil.which, names) if p and runs(p)]
    return next((p for p in found if not has_sitecustomize(p)), found[0] if found else sys.executable)


def runs(python):
    code = "import sys; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 14))"
    return subprocess.run([python, "-c", code], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def full_isolation():
    """Whether namespaces are to be had here; where they are not, weak.py has cases of its own."""
    done = subprocess.run([PROGRAM, "watch", "--require-isolation", "full", "--", "/bin/true"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode != 3


def skip_unless_full(name):
    if not full_isolation():
        print(f"ok 1 - {name} # SKIP no namespaces here\n1..1")
        sys.exit(0)


class Watched:
    """What one run of pratique watch said."""

    def __init__(self, status, out, err):
        self.status, self.err = status, err
        try:
            self.report = json.loads(out.decode("utf-8")) if out.strip() else None
        except ValueError as e:
            self.report, self.err = None, f"no JSON ({e}): {out[:200]!r} {err}"
        artifacts = self.report["artifacts"] if self.report else []
        self.artifact = artifacts[0] if artifacts else None
        self.watch = (self.artifact or {}).get("watch") or {}
        self.events = self.watch.get("events", [])
        self.findings = (self.artifact or {}).get("findings", [])

    @property
    def verdict(self):
        """Of the report, as far as the exit status agrees with it."""
        word = VERDICT_OF.get(self.status, f"status {self.status}")
        if not self.artifact:
            return word
        said = self.artifact["verdict"]
        return said if word in (said, "stopped") and (word == "stopped") == (said in ("hold", "refuse")) \
            else f"{said} but exit status {self.status}"

    def kinds(self):
        return {e["kind"] for e in self.events} | {f["rule"] for f in self.findings}

    def of(self, kind):
        return [e for e in self.events if e["kind"] == kind]

    def why(self):
        found = [f"{f['rule']} {f['severity']} {f['subject']} {f['detail']}"[:160] for f in self.findings
                 if f["severity"] not in ("info", "low")]
        return "; ".join(found[:5]) or self.err[-300:] or "no finding"


def watch(*args, timeout=180, env=None, cwd=None, program=PROGRAM):
    full = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    full.update(env or {})
    child = subprocess.Popen([program, "watch", "--format", "json", *map(str, args)], env=full, cwd=cwd,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        out, err = child.communicate()
        return Watched(-9, b"", f"no end after {timeout} s: {err.decode(errors='replace')[-300:]}")
    return Watched(child.returncode, out, err.decode(errors="replace"))


def tree_hash(folder):
    """Names, modes and contents of a folder, in one hash."""
    h = hashlib.sha256()
    for path in sorted(pathlib.Path(folder).rglob("*")):
        st = path.lstat()
        h.update(f"{path.relative_to(folder)} {st.st_mode:o} {st.st_mtime_ns}\n".encode())
        if path.is_file() and not path.is_symlink():
            h.update(path.read_bytes())
    return h.hexdigest()


def shared_files():
    """What lies in the folders of the host that everybody may write to."""
    return {str(p) for d in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock") if os.path.isdir(d)
            for p in pathlib.Path(d).iterdir()}


def adopt_orphans():
    """Whatever loses its parent becomes a child of this process: so ours can be told from others."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def reap():
    """Takes the ended orphans away. While no child is waited for by others."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def descendants():
    """pid -> what it is: every process below this one that has not ended. Needs adopt_orphans()."""
    parents, words = {}, {}
    for p in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            rest = (p / "stat").read_text().rpartition(")")[2].split()
            if rest[0] != "Z":
                parents[int(p.name)] = int(rest[1])
                words[int(p.name)] = (p / "cmdline").read_bytes()[:120].replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass  # ended meanwhile
    found, more = set(), {os.getpid()}
    while more:
        more = {pid for pid, parent in parents.items() if parent in more}
        found |= more
    return {pid: words.get(pid, "ended meanwhile") for pid in found}


def mounts():
    return pathlib.Path("/proc/self/mounts").read_text()


class Host:
    """The state of the host before; after() says what has changed. Other tests run beside this
    one: their files are called pratique-test-..., pratique-wheels-..."""

    def __init__(self):
        adopt_orphans()
        self.files, self.mounts, self.processes = shared_files(), mounts(), set(descendants())

    def left(self):
        out = [f"file {f}" for f in sorted(shared_files() - self.files)
               if "pratique" in f and not re.search("pratique-(test|unit|wheels)-", f)]
        out += [f"process {p} {w}" for p, w in descendants().items() if p not in self.processes]
        out += ["the mounts differ"] if mounts() != self.mounts else []
        return out

    def after(self, seconds=5):
        """What is left once everything had this long to go away. Seen twice: a process that is
        just losing its parent is in no tree."""
        end, calm = time.monotonic() + seconds, 0
        while calm < 2:
            found = self.left()
            calm = 0 if found else calm + 1
            if found and time.monotonic() > end:
                return found
            time.sleep(0.05)
        return []


@contextlib.contextmanager
def home():
    """A home for the program itself, with secrets of the host that nobody may touch or tell."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as d:
        path = pathlib.Path(d) / "home"
        for name in (".ssh/id_ed25519", ".aws/credentials", ".netrc", ".bashrc", "notes.txt"):
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(f"{SECRET}\n")
        yield path
