#!/usr/bin/env python3
"""Kills the program at random moments while it writes. TAP.

    kills.py [WORD]

Whatever the moment: nothing half-written or wrong under a final name; a file that was there
before is there still, whole, or the new one is; and the next run leaves nothing of the one that
was killed. PRATIQUE names the program, PRATIQUE_KILLS how often it dies (default 60, over all
subjects together), PRATIQUE_SEED makes the moments the same again.
"""
import collections
import hashlib
import io
import json
import os
import pathlib
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
import zipfile

import tars
import trees

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
KILLS = int(os.environ.get("PRATIQUE_KILLS", "60"))
SEED = int(os.environ.get("PRATIQUE_SEED", random.SystemRandom().randrange(1 << 32)))
SECONDS = 60
CLEAR_SECONDS = 5  # what outlives a kill to tidy up may take so long
ENV = dict(os.environ, SOURCE_DATE_EPOCH="1000000000")


def text(seed, n):
    """Lines that are not alike."""
    digest, out = hashlib.sha256(str(seed).encode()), []
    while len(out) * 70 < n:
        digest.update(b".")
        out.append(b"this: " + digest.hexdigest().encode() + b"\n")
    return b"".join(out)[:n]


class Subject:
    """A command that writes in base/work. before() puts there what precedes a run, right() says
    what is wrong with what is there."""
    name, help, names = "", (), ()
    empty_before, old = False, None  # what lies under the final name before a run

    def __init__(self, base):
        self.base, self.work = base, base / "work"
        (base / "in").mkdir()
        self.work.mkdir()
        self.setup()

    def here(self):
        """Whether this build has the command."""
        done = subprocess.run([PROGRAM, *self.help, "--help"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0

    def before(self):
        shutil.rmtree(self.work)
        self.work.mkdir()

    def left(self, names):
        """What lies around that is none of these."""
        return sorted(set(os.listdir(self.work)) - set(names))


class Admit(Subject):
    """admit: a folder, all or nothing"""
    name, help, names = "admit", ("admit",), ("to",)

    def content(self):
        out = {"d%d/f%d.txt" % (i % 7, i): text(i, 3000) for i in range(250)}
        out["large.txt"] = text("large", 4000000)
        return out

    def setup(self):
        self.archive = self.base / "in/archive.zip"
        with zipfile.ZipFile(self.archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
            for name, data in self.content().items():
                z.writestr(name, data)
        self.want = trees.expected(self.archive)

    def command(self):
        return ["admit", "--policy", "model", str(self.archive), "--to", str(self.work / "to")]

    def wrong(self, finished):
        target = self.work / "to"
        if not os.path.lexists(target):
            return "it is not there" if finished else None
        faults = trees.differences(self.want, trees.on_disk(target))
        if not finished and not os.listdir(target) and self.empty_before:
            return None
        return "; ".join(faults[:3]) or None



class AdmitTar(Admit):
    """admit: a compressed tar with links"""
    name = "admit a tar"

    def setup(self):
        self.archive = self.base / "in/archive.tar.gz"
        parts = [tars.member(name, data) for name, data in self.content().items()]
        parts += [tars.symlink("link%d" % i, "d1/f1.txt") for i in range(20)]
        self.archive.write_bytes(tars.gz(tars.archive(*parts)))
        self.want = trees.expected(self.archive)


class AdmitInto(Admit):
    """admit: into a folder that is there and empty"""
    name, empty_before = "admit into an empty folder", True

    def before(self):
        super().before()
        (self.work / "to").mkdir()


class AdmitWhole(Admit):
    """admit: the artifact itself"""
    name = "admit --whole"

    def command(self):
        return super().command() + ["--whole"]

    def wrong(self, finished):
        target = self.work / "to"
        if not os.path.lexists(target):
            return "it is not there" if finished else None
        found = trees.on_disk(target)
        if found != {"archive.zip": self.archive.read_bytes()}:
            return "it holds " + " ".join(sorted(found))
        return None


class Manifest(Subject):
    """manifest create: a new file"""
    name, help, names = "manifest create", ("manifest", "create"), ("MANIFEST.json",)

    def setup(self):
        for i in range(300):
            path = self.base / ("in/d%d/f%d.txt" % (i % 9, i))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text(i, 40000 if i % 50 == 0 else 2000))
        self.want = None

    def command(self):
        return ["manifest", "create", "-o", str(self.work / "MANIFEST.json"), str(self.base / "in")]

    def wrong(self, finished):
        path = self.work / "MANIFEST.json"
        if not path.exists():
            return "it is not there" if finished or self.old is not None else None
        data = path.read_bytes()
        if self.want is None and finished:
            self.want = data
            return self.compare(json.loads(data))
        if data == self.old and not finished:
            return None
        return None if data == self.want else "it is of %d bytes, and not the one" % len(data)

    def compare(self, manifest):
        """With hashes of our own."""
        got = {a["path"]: (a["bytes"], a["sha256"]) for a in manifest["artifacts"]}
        files = {k: v for k, v in trees.on_disk(self.base / "in").items() if v is not None}
        want = {k: (len(v), hashlib.sha256(v).hexdigest()) for k, v in files.items()}
        return None if got == want else "the first one is not right"


class ManifestAgain(Manifest):
    """manifest create: over one that is there"""
    name, old = "manifest create over another", b'{"old": true}\n'

    def before(self):
        super().before()
        (self.work / "MANIFEST.json").write_bytes(self.old)


class Convert(Subject):
    """convert: a checkpoint to safetensors"""
    name, help, names = "convert", ("convert",), ("model.safetensors",)

    def setup(self):
        self.checkpoint = self.base / "in/model.pt"
        self.checkpoint.write_bytes(checkpoint(48, 131072))
        self.want = None

    def command(self):
        return ["convert", str(self.checkpoint), str(self.work / "model.safetensors")]

    def wrong(self, finished):
        path = self.work / "model.safetensors"
        if not path.exists():
            return "it is not there" if finished else None
        data = path.read_bytes()
        if self.want is None and finished:
            self.want = data
            size = int.from_bytes(data[:8], "little")
            header = json.loads(data[8:8 + size])
            n = len([k for k in header if k != "__metadata__"])
            return None if n == 48 and len(data) == 8 + size + 48 * 131072 else "the first is not right"
        return None if data == self.want else "it is of %d bytes, and not the one" % len(data)


def checkpoint(n, size):
    """What torch.save writes of n tensors of so many bytes each, without torch."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def rebuild(*_):
        raise AssertionError("never called")

    rebuild.__name__ = rebuild.__qualname__ = "_rebuild_tensor_v2"
    rebuild.__module__ = "torch._utils"
    storage_type = type("FloatStorage", (), {"__module__": "torch"})
    utils._rebuild_tensor_v2, torch.FloatStorage, torch._utils = rebuild, storage_type, utils

    class Storage:
        def __init__(self, key):
            self.key = str(key)

    class Tensor:
        def __init__(self, key):
            self.storage = Storage(key)

        def __reduce__(self):
            return rebuild, (self.storage, 0, (size // 4,), (1,), False, collections.OrderedDict())

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj):
            if isinstance(obj, Storage):
                return ("storage", storage_type, obj.key, "cpu", size // 4)
            return None

    out = io.BytesIO()
    hidden = {k: sys.modules.get(k) for k in ("torch", "torch._utils")}
    sys.modules.update({"torch": torch, "torch._utils": utils})
    try:
        Pickler(out, 2).dump(collections.OrderedDict(("layer%d.weight" % i, Tensor(i)) for i in range(n)))
    finally:
        for k, v in hidden.items():
            sys.modules.pop(k)
            if v is not None:
                sys.modules[k] = v
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("model/data.pkl", out.getvalue())
        z.writestr("model/byteorder", b"little")
        for i in range(n):
            z.writestr("model/data/%d" % i, (b"%08d" % i) * (size // 8))
        z.writestr("model/version", b"3\n")
    return archive.getvalue()


SUBJECTS = (Admit, AdmitTar, AdmitInto, AdmitWhole, Manifest, ManifestAgain, Convert)


class Failed(Exception):
    pass


def whole(subject):
    """A run to the end; how long it took."""
    start = time.monotonic()
    done = subprocess.run([PROGRAM, *subject.command()], stdin=subprocess.DEVNULL, env=ENV,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
    took = time.monotonic() - start
    if done.returncode:
        raise Failed("ended with %d: %s" % (done.returncode, done.stdout.decode(errors="replace")[-300:]))
    wrong = subject.wrong(True)
    if wrong:
        raise Failed("a run that was left alone: " + wrong)
    until = time.monotonic() + CLEAR_SECONDS
    while subject.left(subject.names) and time.monotonic() < until:
        time.sleep(0.02)
    left = subject.left(subject.names)
    if left:
        raise Failed("left behind: " + " ".join(left[:4]))
    return took


def killed(subject, after):
    """Starts it and kills it; whether it was still running."""
    child = subprocess.Popen([PROGRAM, *subject.command()], stdin=subprocess.DEVNULL, env=ENV,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    return child.wait() == -signal.SIGKILL


def attack(subject, kills, chance):
    """Kills it so often; a line for the record."""
    subject.before()
    took = max(whole(subject), 0.004)
    running = 0
    for n in range(kills):
        subject.before()
        after = chance.random() * took * 1.1
        running += killed(subject, after)
        wrong = subject.wrong(False)
        if wrong:
            raise Failed("kill %d after %.4f s of %.4f: %s" % (n, after, took, wrong))
        clear(subject)
        whole(subject)
    return "%d of %d kills met it running (%.3f s)" % (running, kills, took)


def clear(subject):
    """Room for the next run: what is under the final name goes, but for a folder to be filled.
    What takes the place of another has a name of its own for a moment, and a kill at that moment
    leaves it there, whole; half of it is none of that, and stays to be found."""
    for path in subject.work.glob(".pratique-*"):
        if subject.old is not None and path.is_file() and path.read_bytes() == subject.want:
            path.unlink()
    for name in subject.names:
        path = subject.work / name
        if path.is_dir() and os.listdir(path):
            shutil.rmtree(path)
            if subject.empty_before:
                path.mkdir()
        elif path.is_file() and subject.old is None:
            path.unlink()


def main():
    word = (sys.argv[1:] or [""])[0]
    chance, bad = random.Random(SEED), 0
    subjects = [s for s in SUBJECTS if word in s.name]
    share = -(-KILLS // len(subjects))
    print("# PRATIQUE_SEED=%d" % SEED)
    for n, kind in enumerate(subjects, 1):
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            subject = kind(pathlib.Path(top))
            if not subject.here():
                print("ok %d - %s # SKIP there is no such command" % (n, kind.name))
                continue
            try:
                print("# " + attack(subject, share, chance))
                print("ok %d - kills: %s" % (n, kind.name), flush=True)
            except (Failed, subprocess.TimeoutExpired) as e:
                bad += 1
                print("# %s\nnot ok %d - kills: %s" % (e, n, kind.name), flush=True)
    print("1..%d" % len(subjects))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
