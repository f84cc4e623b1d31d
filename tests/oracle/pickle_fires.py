#!/usr/bin/env python3
"""Proves that the hostile corpus is hostile: loads each case and watches what happens.

Every load runs in a child process of its own: a new session, an empty temporary
folder, no network (where the kernel lets us), limits on time, memory and file
size, PRATIQUE_MARKER naming a file in that folder. A case fires when the marker
appears, or when an audit hook or a look at the folder shows the effect that the
row announces. The cases are our own and harmless; never point this at others.

Libraries come from the interpreters given, comma separated, first match wins:

    pickle_fires.py [--python EXE,EXE,...] [--python2 EXE] [--only TEXT] [--write]

--write renews tests/corpus/fires.tsv (with --only: those rows). Exit status 1 when
a row of the corpus says otherwise than what was seen.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "corpus")
sys.path.insert(0, CORPUS)

# Runs in the chosen interpreter: reads (name, path, load) lines, forks for each.
WORKER = r'''
import io, json, os, resource, shutil, signal, sys, tempfile, time
jobs = json.load(open(sys.argv[1]))
for module in sys.argv[2].split(","):
    if module:
        try:
            __import__(module)
        except ImportError:
            pass

WATCHED = ("os.system os.exec os.posix_spawn os.fork subprocess.Popen pty.spawn socket.connect "
           "socket.bind socket.getaddrinfo socket.gethostbyname socket.__new__ os.remove "
           "os.rename os.chmod os.mkdir os.listdir os.scandir shutil.rmtree open glob.glob "
           "ctypes.dlopen ctypes.string_at os.kill exec compile import builtins.breakpoint "
           "builtins.input mmap.__new__ os.putenv tempfile.mkstemp tempfile.mkdtemp "
           "urllib.Request ftplib.connect smtplib.connect imaplib.open poplib.connect "
           "telnetlib.Telnet.open nntplib.connect webbrowser.open sqlite3.connect "
           "function.__new__ code.__new__ pdb.Pdb os.killpg signal.pthread_kill").split()


def watch(seen):
    def hook(event, args):
        if event in WATCHED:
            text = event + " " + repr(args)[:120]
            if event == "open":
                text = "open %r %r" % args[:2]
            if event == "import":
                text = "import %r" % (args[0],)
            seen.append(text)
    sys.addaudithook(hook)


def load(path, how):
    import pickle
    if how == "none":                # would take all memory, or all day
        return None
    if how == "pickle":
        with open(path, "rb") as f:
            return pickle.load(f)
    if how == "pickle-all":
        with open(path, "rb") as f:
            while True:
                pickle.load(f)
    if how == "pickle-offset":       # someone seeks to the last pickle
        data = open(path, "rb").read()
        return pickle.loads(data[data.rindex(b"\x80\x02"):])
    if how.startswith("pickle@"):    # a pickle at a known offset
        data = open(path, "rb").read()
        return pickle.loads(data[int(how[7:]):])
    if how == "torch":
        import torch
        return torch.load(path, weights_only=False)
    if how == "torch-jit":
        import torch
        return torch.jit.load(path)
    if how == "numpy":
        import numpy
        a = numpy.load(path, allow_pickle=True)
        return [a[k] for k in a.files] if hasattr(a, "files") else a
    if how == "joblib":
        import joblib
        return joblib.load(path)
    if how == "dill":
        import dill
        return dill.load(open(path, "rb"))
    if how == "pandas":
        import pandas
        return pandas.read_pickle(path)
    if how == "skops":
        import skops.io
        return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
    if how == "marshal":
        import marshal
        data = open(path, "rb").read()
        return eval(marshal.loads(data[16:] if path.endswith(".pyc") else data))
    if how == "unpack":              # any reader of the archive, then pickle.load
        for data in unpack(open(path, "rb").read()):
            try:
                pickle.loads(data)
            except Exception:
                pass
        return
    raise ValueError(how)


def unpack(data, depth=0):
    import bz2, gzip, lzma, tarfile, zipfile, zlib
    if depth > 8:
        return
    for opener in (gzip.decompress, bz2.decompress, lzma.decompress, zlib.decompress):
        try:
            for d in unpack(opener(data), depth + 1):
                yield d
        except Exception:
            pass
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            for i in z.infolist():
                for d in unpack(z.read(i), depth + 1):
                    yield d
    except Exception:
        pass
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as t:
            for i in t:
                if i.isfile():
                    for d in unpack(t.extractfile(i).read(), depth + 1):
                        yield d
    except Exception:
        pass
    yield data


def child(job, folder, report):
    os.setsid()
    os.chdir(folder)
    for name, body in (("pratique-victim", "x\n"), ("pratique-victim.py", "x = 1\n")):
        open(name, "w").write(body)
    os.mkdir("pratique-victim-folder")
    with open("browser", "w") as f:  # what webbrowser.open would start
        f.write("#!/bin/sh\necho pratique-fixture > pratique-marker\n")
    os.chmod("browser", 0o700)
    os.environ["BROWSER"] = os.path.join(folder, "browser") + " %s"
    os.environ.update(PRATIQUE_MARKER=os.path.join(folder, "pratique-marker"), HOME=folder,
                      TMPDIR=folder)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    seen = []
    if hasattr(sys, "addaudithook"):
        watch(seen)
    error = ""
    before = set(sys.path), set(os.environ), os.environ.get("PATH")
    first = len(seen)
    def finish():
        changed = []
        if set(sys.path) - before[0]:
            changed.append("sys.path changed")
        if set(os.environ) - before[1] or os.environ.get("PATH") != before[2]:
            changed.append("os.environ changed")
        with open(report, "w") as f:
            json.dump({"error": error, "seen": [s for s in mark if job["path"] not in s],
                       "changed": changed}, f)
    mark = []
    try:
        load(job["path"], job["load"])
    except BaseException as e:
        error = ("%s: %s" % (type(e).__name__, e))[:160]
    mark = seen[first:]
    finish()
    import atexit
    try:
        getattr(atexit, "_run_exitfuncs", lambda: None)()  # what the load put off until now
    finally:
        os._exit(0)


def one(job, folder):
    report = os.path.join(folder, "report.json")
    inner = os.path.join(folder, "cwd")
    os.mkdir(inner)
    pid = os.fork()
    if pid == 0:
        child(job, inner, report)
    end = time.time() + 15
    while time.time() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.005)
    else:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    time.sleep(0.05)
    try:
        os.killpg(pid, signal.SIGKILL)   # what it left behind: its own group only
    except OSError:
        pass
    out = {"name": job["name"], "marker": os.path.exists(os.path.join(inner, "pratique-marker")),
           "gone": not os.path.exists(os.path.join(inner, "pratique-victim")),
           "error": "no report", "seen": [], "changed": []}
    try:
        out.update(json.load(open(report)))
    except (OSError, ValueError):
        pass
    return out


for job in jobs:
    folder = tempfile.mkdtemp()
    r = one(job, folder)
    shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(r))
    sys.stdout.flush()
'''
PRELOAD = "numpy pandas scipy.stats sklearn joblib torch dill cloudpickle".split()


def isolated():
    """No network, where unshare is allowed."""
    probe = ["unshare", "-rn", "true"]
    try:
        if subprocess.call(probe, stderr=subprocess.DEVNULL) == 0:
            return ["unshare", "-rn"]
    except OSError:
        pass
    return []


def has(python, module):
    if "<" in module:                # "numpy<2": installed, and older
        module, below = module.split("<")
        check = ("import %s as m; v = tuple(int(x) for x in m.__version__.split('.')[:2]); "
                 "assert v < %r" % (module, tuple(map(int, below.split(".")))))
        return subprocess.call([python, "-c", check], stderr=subprocess.DEVNULL) == 0
    return subprocess.call([python, "-c", "import " + module], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL) == 0


def version(python):
    out = subprocess.check_output([python, "-c",
                                   "import sys; print('%d.%d' % sys.version_info[:2])"])
    return tuple(map(int, out.decode().split(".")))


def choose(need, pythons, versions, known):
    """The first interpreter that has what the case needs; None when there is none."""
    if need == "python2":
        return next((p for p in pythons if versions[p] < (3, 0)), None)
    if need.startswith("python"):
        op, want = need[6:].lstrip("<>="), None
        if "<" in need or ">" in need:
            want = tuple(map(int, op.split(".")))
        for p in pythons:
            fits = versions[p] < want if "<" in need else versions[p] >= want
            if versions[p] > (3, 0) and fits:
                return p
        return None
    for p in pythons:
        for module in need.split("+"):
            if (p, module) not in known:
                known[p, module] = has(p, {"idlelib": "idlelib.autocomplete",
                                           "the test package": "test.support.script_helper",
                                           "nothing": "pratique_absent"}.get(module, module))
        if all(known[p, m] for m in need.split("+")):
            return p
    return None


def run(python, cases, folder):
    jobs = [{"name": c.name, "path": os.path.join(folder, c.file), "load": c.load} for c in cases]
    path = os.path.join(folder, "jobs.json")
    with open(path, "w") as f:
        json.dump(jobs, f)
    pre = ",".join(PRELOAD) if any(c.needs for c in cases) else ""
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    p = subprocess.run(isolated() + [python, "-c", WORKER, path, pre], env=env,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = []
    for line in p.stdout.decode().splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            pass
    if len(lines) != len(jobs):
        sys.stderr.write("%s: %d of %d cases answered\n%s\n" % (
            python, len(lines), len(jobs), p.stderr.decode()[-2000:]))
    return {r["name"]: r for r in lines}


QUIET = ("import ", "compile ", "exec ", "open ", "os.listdir", "os.scandir")  # any import does


def effect(r):
    """What the load did besides the marker, shortest first; empty when nothing shows."""
    loud = [s for s in r["seen"] if not s.startswith(QUIET)]
    reads = [s for s in r["seen"] if "pratique-" in s]
    listing = [s for s in r["seen"] if s.startswith(("os.listdir ('.'", "os.scandir ('.'"))]
    gone = ["pratique-victim removed"] if r["gone"] else []
    for group in (gone, r["changed"], reads, loud, listing):
        if group:
            return sorted(group, key=len)[0][:100]
    return ""


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--python", default=os.environ.get("PRATIQUE_PYTHONS", sys.executable))
    p.add_argument("--only", default="")
    p.add_argument("--write", action="store_true")
    p.add_argument("--verbose", action="store_true")
    a = p.parse_args()
    pythons = a.python.split(",")       # the last may be a Python 2
    versions = {x: version(x) for x in pythons}
    import hostile
    folder = tempfile.mkdtemp()
    rows = [c for c in hostile.write(folder) if any(o in c.name for o in a.only.split(","))]
    known, groups = {}, {}
    for c in rows:
        groups.setdefault(choose(c.needs, pythons, versions, known) if c.needs else pythons[0],
                          []).append(c)
    results = {}
    for python, cases in groups.items():
        if python:
            results.update(run(python, cases, folder))
    shutil.rmtree(folder, ignore_errors=True)
    wrong, table = 0, []
    counts = {"yes": 0, "effect": 0, "no": 0, "needs": 0}
    for c in rows:
        r = results.get(c.name)
        if r is None:
            seen, note = "needs", c.needs or "the worker died"
        elif r["marker"]:
            seen, note = "yes", "marker"
        elif effect(r):
            seen, note = "effect", effect(r)
        else:
            seen, note = "no", r["error"]
        counts[seen] += 1
        want = {True: ("yes",), False: ("no", "effect"), "effect": ("effect", "yes"),
                "no effect to see": ("no", "effect", "yes")}[c.fires]
        bad = seen not in want + ("needs",) or (seen == "needs" and not c.needs)
        wrong += bad
        if bad or a.verbose:
            print("%s %s: expected %s, saw %s (%s)%s" % (
                "not ok" if bad else "ok", c.name, c.fires, seen, note,
                " " + r["error"] if r and bad else ""))
        table.append((c.file, {"yes": "yes", "effect": "yes", "no": "no"}.get(
            seen, "needs " + note), note.split(" (")[0].split(" '")[0] if seen in (
                "yes", "effect") else ""))
    print("# %d cases: %d leave the marker, %d show another effect, %d do nothing seen, "
          "%d need what is not installed; %d unlike their row" % (
              len(rows), counts["yes"], counts["effect"], counts["no"], counts["needs"], wrong))
    if a.write:
        write({c.file for c in hostile.cases()}, table)
    return 1 if wrong else 0


def write(files, table):
    """Renews the rows seen in this run; keeps the others that still have a case."""
    path, rows = os.path.join(CORPUS, "fires.tsv"), {}
    if os.path.exists(path):
        with open(path) as f:
            rows = {line.split("\t")[0]: line for line in f.readlines()[1:]}
    for row in table:
        rows[row[0]] = "\t".join(x.replace("\n", " ").replace("\t", " ") for x in row) + "\n"
    with open(path, "w") as f:
        f.write("file\tfires\tseen\n")
        f.writelines(rows[name] for name in sorted(rows) if name in files)


if __name__ == "__main__":
    sys.exit(main())
