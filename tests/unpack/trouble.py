#!/usr/bin/env python3
"""What `pratique admit` does where the disk is full, the target read-only, the rights missing, the
name taken, or the archive changes while it is read. TAP.

Whatever happens: a message that names what is in the way, nothing under the final name, nothing
left beside it. PRATIQUE names the program.
"""
import io
import os
import pathlib
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zipfile

import trees

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
SECONDS = 60
NOBODY = 65534
ROUNDS = int(os.environ.get("PRATIQUE_ROUNDS", "25"))
HOSTILE = b"cos\nsystem\n(S'echo pratique-fixture'\ntR."
tests = []


class Skip(Exception):
    pass


def test(fn):
    tests.append(fn)
    return fn


def zipped(content, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in content.items():
            z.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


SMALL = zipped({"a.txt": b"hello\n", "d/b.txt": b"more\n" * 100})
LARGE = zipped({"f%d.txt" % i: (b"%d a line of some length\n" % i) * 8000 for i in range(40)})


def admit(archive, target, *options, **kw):
    return subprocess.run([PROGRAM, "admit", "--policy", "model", *options, str(archive), "--to",
                           str(target)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=SECONDS, **kw)


def place(base, data=SMALL, name="archive.zip"):
    path = base / name
    path.write_bytes(data)
    (base / "work").mkdir()
    return path


def failed(done, *words):
    said = (done.stderr + done.stdout).decode(errors="replace")
    assert done.returncode in (1, 2, 3), "ended with %d: %s" % (done.returncode, said)
    for word in words:
        assert word in said, "%r is not in: %s" % (word, said[:400])


def untouched(folder, *names):
    got = sorted(os.listdir(folder))
    assert got == sorted(names), "in the folder: %s" % " ".join(got)


def mounted(script, base, **env):
    """Runs a shell script where it may mount; its output."""
    done = subprocess.run(["unshare", "-rm", "sh", "-ec", script], cwd=base, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
                          env=dict(os.environ, PROGRAM=PROGRAM, **env))
    said = done.stdout.decode(errors="replace")
    if "unshare:" in said or "mount:" in said:
        raise Skip("no mounts here: " + said.strip()[-80:])
    return said


RUN = '''
status=0
"$PROGRAM" admit --policy model archive.zip --to work/to || status=$?
echo "status $status"
echo "left: $(find work -mindepth 1 | sort | tr '\\n' ' ')"
echo "used: $(df --output=used -k work | tail -n 1)"
'''


@test
def full_disk(base):
    place(base, LARGE)
    said = mounted("mount -t tmpfs -o size=2m none work\n" + RUN, base)
    assert "status 0" not in said and "No space left" in said, said
    assert "work" in said.split("status")[0], "the message names the place: " + said
    assert "left: \n" in said, said
    assert "used:" in said and int(said.split("used:")[1]) < 64, said


@test
def full_disk_of_files(base):
    """No inodes are left, and bytes are."""
    place(base, LARGE)
    said = mounted("mount -t tmpfs -o size=64m,nr_inodes=20 none work\n" + RUN, base)
    assert "status 0" not in said and "No space left" in said and "left: \n" in said, said


@test
def read_only(base):
    place(base)
    said = mounted("mount -t tmpfs -o ro none work\n" + RUN, base)
    assert "status 0" not in said and "Read-only file system" in said and "left: \n" in said, said
    assert "work" in said.split("status")[0], said


@test
def read_only_source(base):
    """The artifact lies where nothing can be written: that is no trouble."""
    place(base)
    said = mounted("mount -t tmpfs none work\n"
                   "mkdir ro && mount -t tmpfs none ro && cp archive.zip ro/ && mount -o remount,ro ro\n"
                   + RUN.replace("archive.zip", "ro/archive.zip"), base)
    assert "status 0" in said and "work/to/a.txt" in said, said


@test
def no_permission(base):
    archive = place(base)
    if os.geteuid():
        (base / "work").chmod(0o555)
        done = admit(archive, base / "work/to")
    else:
        base.chmod(0o755)
        archive.chmod(0o644)
        try:
            subprocess.run([PROGRAM, "--version"], user=NOBODY, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
        except (OSError, subprocess.CalledProcessError):
            raise Skip("others may not run the program")
        done = admit(archive, base / "work/to", user=NOBODY, group=NOBODY, extra_groups=[])
    failed(done, "work", "Permission denied")
    untouched(base / "work")


@test
def unreadable(base):
    archive = place(base)
    if os.geteuid() == 0:
        raise Skip("root reads everything")
    archive.chmod(0)
    failed(admit(archive, base / "work/to"), "archive.zip", "Permission denied")
    untouched(base / "work")


@test
def no_such_artifact(base):
    place(base)
    failed(admit(base / "none.zip", base / "work/to"), "none.zip", "No such file")
    untouched(base / "work")


@test
def a_folder_as_artifact(base):
    place(base)
    (base / "folder").mkdir()
    failed(admit(base / "folder", base / "work/to"), "folder")
    untouched(base / "work")


@test
def a_pipe_as_artifact(base):
    place(base)
    os.mkfifo(base / "pipe.zip")
    failed(admit(base / "pipe.zip", base / "work/to"), "pipe.zip")
    untouched(base / "work")


@test
def no_parent(base):
    archive = place(base)
    failed(admit(archive, base / "work/none/to"), "work/none")
    untouched(base / "work")


@test
def taken_by_a_file(base):
    archive = place(base)
    (base / "work/to").write_text("mine\n")
    failed(admit(archive, base / "work/to"), "work/to")
    untouched(base / "work", "to")
    assert (base / "work/to").read_text() == "mine\n"


@test
def taken_by_a_folder(base):
    archive = place(base)
    (base / "work/to").mkdir()
    (base / "work/to/mine.txt").write_text("mine\n")
    failed(admit(archive, base / "work/to"), "work/to")
    untouched(base / "work", "to")
    untouched(base / "work/to", "mine.txt")


@test
def taken_by_a_link(base):
    """A link to an empty folder is no folder of ours: what it points at stays empty."""
    archive = place(base)
    (base / "elsewhere").mkdir()
    (base / "work/to").symlink_to(base / "elsewhere")
    done = admit(archive, base / "work/to")
    if done.returncode:
        failed(done, "work/to")
        untouched(base / "elsewhere")
        assert os.readlink(base / "work/to") == str(base / "elsewhere")
    else:
        assert trees.on_disk(base / "elsewhere") or trees.on_disk(base / "work/to")


@test
def taken_by_a_dangling_link(base):
    archive = place(base)
    (base / "work/to").symlink_to(base / "nowhere")
    failed(admit(archive, base / "work/to"), "work/to")
    untouched(base / "work", "to")
    assert not (base / "nowhere").exists()


@test
def empty_folder(base):
    archive = place(base)
    (base / "work/to").mkdir()
    done = admit(archive, base / "work/to")
    assert done.returncode == 0, done.stderr
    assert trees.on_disk(base / "work/to") == trees.expected(archive)
    untouched(base / "work", "to")


@test
def two_at_once(base):
    """One of them wins, whole; the other says that the name is taken."""
    archive = place(base, LARGE)
    command = [PROGRAM, "admit", "--policy", "model", str(archive), "--to", str(base / "work/to")]
    both = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL) for _ in range(4)]
    ends = sorted(p.wait(SECONDS) for p in both)
    assert ends[0] == 0 and all(e in (1, 2, 3) for e in ends[1:]), ends
    assert trees.on_disk(base / "work/to") == trees.expected(archive)
    untouched(base / "work", "to")


@test
def umask_kept(base):
    """Modes are never wider than the umask allows."""
    archive = place(base)
    done = admit(archive, base / "work/to", umask=0o077)
    assert done.returncode == 0, done.stderr
    for name in ("", "a.txt", "d", "d/b.txt"):
        mode = (base / "work/to" / name).stat().st_mode & 0o777
        assert mode & 0o077 == 0, "%s has %o" % (name or "to", mode)
    done = admit(archive, base / "work/whole", "--whole", umask=0o077)
    assert done.returncode == 0, done.stderr
    mode = (base / "work/whole/archive.zip").stat().st_mode & 0o777
    assert mode & 0o077 == 0, "the artifact has %o" % mode


def versions():
    """Two archives of one length: one harmless throughout, the other hostile throughout."""
    good = {"m%d.pkl" % i: pickle.dumps([b"x" * (len(HOSTILE) + 400 - 7)], 2) for i in range(60)}
    size = max(len(v) for v in good.values())
    evil = {k: HOSTILE + b" " * (size - len(HOSTILE)) for k in good}
    good = {k: v.ljust(size) for k, v in good.items()}
    a, b = zipped(good, zipfile.ZIP_STORED), zipped(evil, zipfile.ZIP_STORED)
    assert len(a) == len(b)
    return a, b


class Writer(threading.Thread):
    """Rewrites the archive again and again while the others work."""

    def __init__(self, change):
        super().__init__(daemon=True)
        self.change, self.over = change, threading.Event()

    def run(self):
        n = 0
        while not self.over.is_set():
            self.change(n)
            n += 1
            time.sleep(random.random() * 0.002)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def attacked(base, change, archive):
    """Admits it again and again while it changes: never anything hostile."""
    ends = {}
    with Writer(change):
        for n in range(ROUNDS):
            target = base / ("work/to%d" % n)
            done = admit(archive, target)
            ends[done.returncode] = ends.get(done.returncode, 0) + 1
            assert done.returncode in (0, 1, 2, 3), (done.returncode, done.stderr)
            if done.returncode:
                assert not os.path.lexists(target), "refused, and there is something"
                continue
            for name, data in trees.on_disk(target).items():
                assert data is None or HOSTILE[:12] not in data, "hostile: %s in round %d" % (name, n)
            shutil.rmtree(target)
    untouched(base / "work")
    print("# " + ", ".join("%d ended with %d" % (v, k) for k, v in sorted(ends.items())))


@test
def rewritten_in_place(base):
    """The file is overwritten, now harmless and now hostile, under the same descriptor."""
    good, evil = versions()
    archive = place(base, good)
    with open(archive, "r+b", buffering=0) as f:
        attacked(base, lambda n: os.pwrite(f.fileno(), (good, evil)[n % 2], 0), archive)


@test
def rewritten_by_parts(base):
    """Members are overwritten one by one."""
    good, evil = versions()
    archive = place(base, good)
    piece = len(good) // 60

    def change(n):
        at = random.randrange(60) * piece
        os.pwrite(f.fileno(), (good, evil)[n % 2][at:at + piece], at)

    with open(archive, "r+b", buffering=0) as f:
        attacked(base, change, archive)


@test
def rewritten_and_cut(base):
    """The file is cut and written again."""
    good, evil = versions()
    archive = place(base, good)

    def change(n):
        os.ftruncate(f.fileno(), random.randrange(len(good)))
        os.pwrite(f.fileno(), (good, evil)[n % 2], 0)

    with open(archive, "r+b", buffering=0) as f:
        attacked(base, change, archive)


@test
def replaced(base):
    """Another file takes its name."""
    good, evil = versions()
    archive = place(base, good)

    def change(n):
        (base / "next").write_bytes((good, evil)[n % 2])
        os.replace(base / "next", archive)

    attacked(base, change, archive)


@test
def linked(base):
    """Its name is a link that turns."""
    good, evil = versions()
    archive = place(base, good, "good.zip")
    (base / "evil.zip").write_bytes(evil)
    (base / "archive.zip").symlink_to(archive)

    def change(n):
        (base / "next").symlink_to(("good.zip", "evil.zip")[n % 2])
        os.replace(base / "next", base / "archive.zip")

    attacked(base, change, base / "archive.zip")


def main():
    word = (sys.argv[1:] or [""])[0]
    bad = 0
    wanted = [fn for fn in tests if word in fn.__name__]
    for n, fn in enumerate(wanted, 1):
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            try:
                fn(pathlib.Path(top))
                print("ok %d - %s" % (n, fn.__name__), flush=True)
            except Skip as e:
                print("ok %d - %s # SKIP %s" % (n, fn.__name__, e), flush=True)
            except (AssertionError, OSError, subprocess.TimeoutExpired) as e:
                bad += 1
                where = traceback.extract_tb(e.__traceback__)[-1]
                print("# line %d: %s" % (where.lineno, str(e).replace("\n", " | ")[:800]))
                print("not ok %d - %s" % (n, fn.__name__), flush=True)
    print("1..%d" % len(wanted))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
