#!/usr/bin/env python3
"""pratique manifest, pratique run: what is made, what is refused, what is protected."""

import contextlib
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import tampered  # noqa: E402
from _tap import (ADMIT, PROGRAM, STOPPED, UNDECIDED, USAGE, Skip, equal, main, run,  # noqa: E402
                  test)

EPOCH = {"SOURCE_DATE_EPOCH": str(tampered.EPOCH)}


@contextlib.contextmanager
def case():
    """A folder with files and their manifest; its parent belongs to the test as well."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as name:
        root = pathlib.Path(name).resolve() / "root"
        root.mkdir()
        yield tampered.Case(root)


def manifest(*args, cwd, **kw):
    return run("manifest", *args, cwd=cwd, **kw)


def lines(done):
    return done.stdout.decode("utf-8").splitlines()


def verify(c, *args, **kw):
    """Exit status and lines of a verification in the root."""
    done = manifest("verify", *args, cwd=c.root, **kw)
    return done.returncode, lines(done)


# ---- the table ----

def judge(name, change, status, patterns):
    with case() as c:
        change(c)
        done = manifest("verify", cwd=c.root)
    said = lines(done)
    equal(done.returncode, status, f"{name}: {said} {done.stderr}")
    for pattern in patterns:
        assert any(re.match(pattern, line) for line in said), f"{name}: {pattern}: {said}"
    for line in said:
        assert line.isprintable(), f"{name}: {line!r}"


def add_row(name, change, status, patterns):
    def one():
        judge(name, change, status, patterns)
    one.__name__ = name
    test(one)


for _row in tampered.ROWS:
    add_row(*_row)


@test
def the_table_is_large_enough():
    bad = sum(1 for r in tampered.ROWS if r[2] != ADMIT)
    assert bad >= 30 and len(tampered.ROWS) - bad >= 15, (bad, len(tampered.ROWS))


# ---- create ----

@test
def what_is_made_is_what_the_document_says():
    with case() as c:
        want = c.text()
        (c.root / "MANIFEST.json").unlink()
        done = manifest("create", cwd=c.root, env=EPOCH)
        equal((done.returncode, lines(done)), (ADMIT, ["MANIFEST.json: 5 files declared"]))
        equal(c.text(), want)
        for args, cwd in [(("create", "-o", "-"), c.root), (("create", "-o", "-", "."), c.root),
                          (("create", "-o", "-", "--root", str(c.root)), "/"),
                          (("create", "-o", "-", "-j", "1"), c.root)]:
            (c.root / "MANIFEST.json").unlink(missing_ok=True)
            equal(manifest(*args, cwd=cwd, env=EPOCH).stdout.decode(), want, args)


@test
def the_manifest_and_its_signatures_are_left_out():
    with case() as c:
        want = c.text()
        for suffix in ("", ".minisig", ".sig", ".asc"):
            c.write("MANIFEST.json" + suffix, b"old")
        for name in (".git/HEAD", ".git/config"):
            c.write(name, b"x")
        equal(manifest("create", cwd=c.root, env=EPOCH).returncode, ADMIT)
        equal(c.text(), want)
        done = manifest("create", "-o", "-", cwd=c.root, env=EPOCH)
        paths = [a["path"] for a in json.loads(done.stdout)["artifacts"]]
        assert not [p for p in paths if p.startswith("MANIFEST.json")], paths
        done = subprocess.run(["sh", "-c", f"'{PROGRAM}' manifest create -o - >MANIFEST.json"], cwd=c.root)
        equal(done.returncode, ADMIT)
        equal(manifest("verify", cwd=c.root).returncode, ADMIT)
        (c.root / "sub").mkdir()
        done = manifest("create", "-o", "sub/M.json", "-q", cwd=c.root, env=EPOCH)
        equal((done.returncode, done.stdout), (ADMIT, b""))
        equal(manifest("verify", "sub/M.json", "--root", ".", "--strict", cwd=c.root).returncode,
              ADMIT)


@test
def every_file_that_cannot_be_declared_is_named():
    with case() as c:
        (c.root / "link").symlink_to("model.bin")
        os.mkfifo(c.root / "pipe")
        c.write("bad\nname", b"x")
        (c.root / os.fsdecode(b"not-\xff-utf8")).write_bytes(b"x")
        before = c.text()
        done = manifest("create", cwd=c.root)
        said = done.stderr.decode()
        equal(done.returncode, USAGE)
        for want in ("link: a symbolic link", "pipe: a pipe", "bad?nname: ", "not-", "UTF-8",
                     "4 files cannot be declared; nothing was written"):
            assert want.replace("?", "\\") in said or want in said, (want, said)
        equal(c.text(), before)
        done = manifest("create", "--exclude", "link", "--exclude", "pipe", "--exclude", "bad*",
                        "--exclude", "not-*", cwd=c.root)
        equal(done.returncode, ADMIT, done.stderr)


@contextlib.contextmanager
def somebody():
    """A case whose files are root's, and what runs the program there as nobody."""
    if os.geteuid() != 0:
        raise Skip("needs root, to be somebody else")
    with tempfile.TemporaryDirectory(prefix="pratique-test-", dir="/tmp") as name:
        os.chmod(name, 0o777)
        program = shutil.copy(PROGRAM, name)
        os.chmod(program, 0o755)
        (pathlib.Path(name) / "root").mkdir()
        c = tampered.Case(pathlib.Path(name) / "root")

        def start_as_nobody(*args):
            return subprocess.Popen([program, *args], cwd=c.root, preexec_fn=demote,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        yield c, start_as_nobody


def demote():
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


@test
def files_that_cannot_be_read_are_named():
    with somebody() as (c, as_nobody):
        c.write("other.bin", b"x")
        (c.root / "model.bin").chmod(0)
        (c.root / "other.bin").chmod(0)
        child = as_nobody("manifest", "create", "-o", "../out")
        said = child.communicate(timeout=30)[1].decode()
        equal(child.returncode, USAGE, said)
        for want in ("model.bin: Permission denied", "other.bin: Permission denied",
                     "2 files cannot be declared; nothing was written"):
            assert want in said, said
        assert not (c.root.parent / "out").exists()
        child = as_nobody("manifest", "verify")
        said = child.communicate(timeout=30)[0].decode().splitlines()
        equal((child.returncode, said), (UNDECIDED, ["model.bin: cannot be read: Permission denied",
                                                     "MANIFEST.json: 5 files, 1 bad"]))
        c.write("config.json", b"x")
        child = as_nobody("manifest", "verify")
        said = child.communicate(timeout=30)[0]
        equal(child.returncode, STOPPED, said)
        (c.root / "data").chmod(0)
        child = as_nobody("manifest", "verify", "--strict")
        said = child.communicate(timeout=30)[0].decode()
        equal(child.returncode, STOPPED, said)
        assert "what is not declared cannot be listed" in said, said
        child = as_nobody("manifest", "create", "-o", "../out")
        said = child.communicate(timeout=30)[1].decode()
        assert child.returncode != ADMIT and "data" in said, said


def roles(c, *args):
    done = manifest("create", "-o", "-", *args, cwd=c.root)
    equal(done.returncode, ADMIT, done.stderr)
    return {a["path"]: a["role"] for a in json.loads(done.stdout)["artifacts"]}


@test
def roles_are_inferred():
    want = {
        "w/model.safetensors": "model-weights", "w/pytorch_model.bin": "model-weights",
        "w/final.PT": "model-weights", "w/model.pkl": "model-weights",
        "tok/vocab.json": "tokenizer-vocab", "tok/merges.txt": "tokenizer-vocab",
        "tok/tokenizer.json": "tokenizer-vocab", "tok/tokenizer.pkl": "tokenizer-vocab",
        "tok/tokenizer_config.json": "tokenizer-config",
        "rag/index.faiss": "rag-index", "rag/index.pkl": "rag-index", "rag/kb/a.md": "rag-kb",
        "rag/kb.json": "rag-kb", "rag/knowledge_base/x.txt": "rag-kb",
        "config.yaml": "config", "src/train.py": "code", "tests/test_a.py": "test-data",
        "tests/fixtures/model.pt": "test-data", "data/train.parquet": "dataset",
        "lib/libx.so.1": "native-library", "README.md": "document", "LICENSE": "license",
        "a.minisig": "signature", "strange": "unknown", "requirements.txt": "config",
    }
    with tempfile.TemporaryDirectory() as name:
        c = tampered.Case(name)
        shutil.rmtree(name)
        for path in want:
            c.write(path, b"x")
        equal(roles(c), want)
        got = roles(c, "--role", "*.bin=lora_adapter", "--role", "rag/**=archive",
                    "--role", "rag/kb/*=never", "--role", "**/train.*=source")
        equal(got["w/pytorch_model.bin"], "lora_adapter")
        equal(got["rag/kb/a.md"], "archive")
        equal(got["src/train.py"], "source")
        equal(got["data/train.parquet"], "source")
        done = manifest("create", "--exclude", "rag/", "--exclude", "*.py", "--exclude", "w",
                        "-o", "-", cwd=name)
        left = [a["path"] for a in json.loads(done.stdout)["artifacts"]]
        assert not any(p.startswith(("rag/", "w/")) or p.endswith(".py") for p in left), left
        for wrong in ("x", "=role", "/abs=role", "a=Role", "a=two words", "a="):
            equal(manifest("create", "--role", wrong, cwd=name).returncode, USAGE, wrong)


@test
def wrong_use_is_told():
    with case() as c:
        for args in (("create", "a", "b"), ("create", "nowhere"), ("create", "--root"),
                     ("verify", "a", "b"), ("verify", "--not-before", "soon"), ("diff", "a"),
                     ("verify", "--not-before", "2025-02-30"), ("show", "-f", "html"),
                     ("verify", "--ignore", "*"), ("verify", "--signature", "x"),
                     ("verify", "--record", "x"), ("verify", "--root", "nowhere"),
                     ("verify", "--key", "nowhere", "--no-record"),
                     ("create", "--exclude", "/x"), (), ("sing",)):
            done = manifest(*args, cwd=c.root)
            equal(done.returncode, USAGE, args)
            assert done.stderr.startswith(b"pratique: "), (args, done.stderr)
        done = manifest("create", cwd=c.root, env={"SOURCE_DATE_EPOCH": "tomorrow"})
        equal(done.returncode, USAGE)
        (c.root / "MANIFEST.json").unlink()
        done = manifest("verify", cwd=c.root)
        equal(done.returncode, UNDECIDED)
        assert b"MANIFEST.json: No such file" in done.stderr, done.stderr
    with tempfile.TemporaryDirectory() as name:
        done = manifest("create", cwd=name)
        equal(done.returncode, USAGE)
        assert b"no file to declare" in done.stderr, done.stderr


# ---- git ----

def git(root, *args, **kw):
    env = dict(os.environ, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.invalid",
               GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.invalid",
               GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    return subprocess.run(["git", "-C", str(root), *args], env=env, check=True,
                          capture_output=True, **kw).stdout.decode().strip()


def created(root, *args):
    done = manifest("create", "-q", *args, cwd=root)
    equal(done.returncode, ADMIT, done.stderr)
    return json.loads((pathlib.Path(root) / "MANIFEST.json").read_text())


def need_git():
    if not shutil.which("git"):
        raise Skip("git is not installed")


@test
def the_commit_is_told():
    need_git()
    with case() as c:
        git(c.root, "init", "-q")
        equal(created(c.root)["git_sha"], None, "no commit yet")
        (c.root / "MANIFEST.json").unlink()
        git(c.root, "add", ".")
        git(c.root, "commit", "-qm", "all")
        head = git(c.root, "rev-parse", "HEAD")
        for _ in range(2):  # the manifest itself makes nothing dirty
            made = created(c.root)
            equal((made["git_sha"], "git_dirty" in made), (head, False))
        equal(created(c.root / "data")["git_sha"], head, "from a folder below")
        (c.root / "data/MANIFEST.json").unlink()
        git(c.root, "pack-refs", "--all")
        equal(created(c.root)["git_sha"], head, "packed")
        git(c.root, "checkout", "-q", "--detach")
        equal(created(c.root)["git_sha"], head, "detached")
        git(c.root, "worktree", "add", "-q", "../tree")
        made = created(c.root.parent / "tree")
        equal((made["git_sha"], "git_dirty" in made), (head, False), "a work tree")
        c.write("model.bin", b"changed")
        equal(created(c.root)["git_dirty"], True, "changed")
        git(c.root, "checkout", "-q", "model.bin")
        c.write("new", b"x")
        equal(created(c.root)["git_dirty"], True, "untracked")


@test
def without_git_it_is_told_that_nothing_is_known():
    need_git()
    with case() as c:
        git(c.root, "init", "-q")
        git(c.root, "add", ".")
        git(c.root, "commit", "-qm", "all")
        done = manifest("create", "-o", "-", cwd=c.root, env={"PATH": "/nowhere"})
        equal(json.loads(done.stdout)["git_dirty"], None, done.stdout)


@test
def a_hostile_repository_runs_nothing():
    need_git()
    with case() as c:
        mark = c.root.parent / "ran"
        evil = c.root.parent / "evil"
        evil.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
        evil.chmod(0o755)
        git(c.root, "init", "-q")
        c.write(".gitattributes", b"* filter=evil\n")
        git(c.root, "add", ".")
        git(c.root, "commit", "-qm", "all")
        hooks = c.root / ".git/hooks"
        hooks.mkdir(exist_ok=True)
        for hook in ("post-index-change", "fsmonitor-watchman", "pre-commit"):
            shutil.copy(evil, hooks / hook)
        with open(c.root / ".git/config", "a") as f:
            f.write(f'[core]\n\tfsmonitor = "{evil}"\n\tpager = "{evil}"\n\tsshCommand = "{evil}"\n'
                    f'\thooksPath = "{hooks}"\n[filter "evil"]\n\tclean = "{evil}"\n'
                    f'\tsmudge = "{evil}"\n\tprocess = "{evil}"\n\trequired = true\n'
                    f'[alias]\n\tstatus = "!{evil}"\n[diff]\n\texternal = "{evil}"\n')
        time.sleep(0.02)
        os.utime(c.root / "model.bin")  # looks changed, so that git would run the filter
        created(c.root)
        assert not mark.exists(), "something of the repository ran"


@test
def a_hostile_head_is_no_commit():
    with case() as c:
        for head in (b"ref: ../../etc/passwd\n", b"ref: refs/../../x\n", b"\0" * 50, b"ref: \n",
                     b"A" * 40 + b"\n", b"0" * 39, b"ref: refs/heads/loop\n", b"x" * 10000):
            c.write(".git/HEAD", head)
            c.write(".git/refs/heads/loop", b"ref: refs/heads/loop\n")
            done = manifest("create", "-o", "-", cwd=c.root)
            equal(done.returncode, ADMIT, done.stderr)
            equal(json.loads(done.stdout)["git_sha"], None, head)
        os.unlink(c.root / ".git/HEAD")
        os.mkfifo(c.root / ".git/HEAD")
        equal(manifest("create", "-o", "-", cwd=c.root, timeout=10).returncode, ADMIT, "a pipe")


# ---- verify ----

@test
def from_anywhere():
    with case() as c:
        root = str(c.root)
        for args, cwd in [((), root), (("MANIFEST.json",), root), ((root + "/MANIFEST.json",), "/"),
                          (("--root", root), "/"), (("root/MANIFEST.json",), c.root.parent),
                          (("../MANIFEST.json",), c.root / "data"),
                          (("-q",), root), (("--strict",), root)]:
            done = manifest("verify", *args, cwd=cwd)
            equal(done.returncode, ADMIT, (args, done.stdout, done.stderr))
        shutil.move(c.root / "MANIFEST.json", c.root.parent / "M.json")
        equal(manifest("verify", "M.json", cwd=c.root.parent).returncode, STOPPED)
        equal(manifest("verify", "M.json", "--root", "root", cwd=c.root.parent).returncode, ADMIT)


@test
def strict_names_what_nobody_declared():
    with case() as c:
        c.write(".git/hooks/x", b"x")
        equal(verify(c, "--strict")[1][0], ".git/hooks/x: not declared", "no repository")
        c.write(".git/HEAD", b"ref: refs/heads/main\n")
        c.write("MANIFEST.json.minisig", b"x")
        equal(verify(c, "--strict")[1][0], "MANIFEST.json.minisig: not declared", "no signature")
        c.write("MANIFEST.json.minisig", b"untrusted comment: ")
        equal(verify(c, "--strict")[0], ADMIT)
        c.write("a.py", b"x")
        c.write("data/.hidden/b", b"x")
        c.write("sub/.git/c", b"x")
        c.write("sub/MANIFEST.json", b"x")
        (c.root / "link").symlink_to("/etc/passwd")
        (c.root / os.fsdecode(b"\xff\n")).write_bytes(b"x")
        status, said = verify(c, "--strict")
        equal(status, STOPPED)
        for name in ("a.py", "data/.hidden/b", "sub/.git/c", "sub/MANIFEST.json", "link"):
            assert f"{name}: not declared" in said, (name, said)
        equal(said[-1], "MANIFEST.json: 5 files, 6 bad")
        equal(verify(c)[0], ADMIT)
        status, said = verify(c, "--strict", "--ignore", "*.py", "--ignore", "data/.hidden",
                              "--ignore", "sub/", "--ignore", "link", "--ignore", "*")
        equal(status, ADMIT, said)


@test
def strict_names_whatever_may_be_taken_for_something_else():
    """Names that a reader might pass over: of caches, of signatures, of the manifest itself."""
    for name in ("__pycache__/model.cpython-311.pyc", "evil.pth", "sitecustomize.py", ".env", ".gitignore",
                 ".gitattributes", ".github/x", ".git/hooks/x", ".GIT/HEAD", "manifest.json",
                 "MANIFEST.JSON", "MANIFEST.json.bak", "MANIFEST.json~", "MANIFEST.json.minisig.bak",
                 "MANIFEST.json.SIG", "MANIFEST.json.sig", "MANIFEST.json.asc", "MANIFEST.json.sigx",
                 "MANIFEST.json.minisig/x", "sub/MANIFEST.json", "sub/MANIFEST.json.minisig", "model.sig",
                 "model.bin.minisig", "Model.bin", "model.bin ", "a", "\u00e9", ".", "..."):
        with case() as c:
            c.write(name if name != "." else ". ", b"untrusted\n")
            status, said = verify(c, "--strict")
            equal((status, said[-1]), (STOPPED, "MANIFEST.json: 5 files, 1 bad"), name)
    for make in (lambda p: p.symlink_to("model.bin"), lambda p: p.symlink_to("nowhere"),
                 lambda p: p.symlink_to("/etc"), os.mkfifo, lambda p: os.link(p.parent / "model.bin", p)):
        for name in ("x", "MANIFEST.json.sig", ".git"):
            with case() as c:
                make(c.root / name)
                status, said = verify(c, "--strict")
                equal((status, said[:1]), (STOPPED, [f"{name}: not declared"]), name)


@test
def a_repository_is_left_out_and_a_folder_of_its_name_is_not():
    with case() as c:
        c.write(".git", b"gitdir: ../elsewhere\n")
        equal(verify(c, "--strict")[0], ADMIT)
        c.write(".git", b"gitdir\n")
        equal(verify(c, "--strict")[1][0], ".git: not declared")
        (c.root / ".git").unlink()
        c.write(".git/hooks/x", b"x")
        done = manifest("create", cwd=c.root)
        equal((done.returncode, lines(done)), (ADMIT, ["MANIFEST.json: 6 files declared"]))
        equal(verify(c, "--strict")[0], ADMIT)


@test
def other_formats():
    with case() as c:
        c.write("model.bin", b"x")
        (c.root / "config.json").unlink()
        done = manifest("verify", "-f", "json", cwd=c.root)
        (artifact,) = json.loads(done.stdout)["artifacts"]
        equal((artifact["verdict"], artifact["format"]), ("refuse", "manifest"))
        got = sorted((f["rule"], f["path"]) for f in artifact["findings"]
                     if f["severity"] != "info")
        equal(got, [("MAN002", "config.json"), ("MAN003", "model.bin")])
        sarif = json.loads(manifest("verify", "-f", "sarif", cwd=c.root).stdout)
        assert len(sarif["runs"][0]["results"]) >= 2
        assert b"MAN003" in manifest("verify", "-f", "html", cwd=c.root).stdout
        assert b"MAN003" in manifest("verify", "-v", cwd=c.root).stdout
        done = manifest("verify", "-o", str(c.root.parent / "report"), cwd=c.root)
        equal((done.returncode, done.stdout), (STOPPED, b""))
        assert "config.json: missing" in (c.root.parent / "report").read_text()


@test
def not_before():
    with case() as c:
        for when, want in [("2025-11-24", ADMIT), (tampered.WHEN, ADMIT), ("2025-11-25", STOPPED),
                           ("2025-11-24T16:00:01Z", STOPPED)]:
            status, said = verify(c, "--not-before", when)
            equal(status, want, when)
        assert said[0].startswith("MANIFEST.json: it is of 2025-11-24T16:00:00Z, which is before "
                                  "2025-11-24T16:00:01Z"), said


@test
def a_file_that_changes_while_it_is_read():
    with case() as c:
        with open(c.root / "model.bin", "wb") as f:
            f.truncate(1 << 30)
        c.entry().update(bytes=1 << 30)
        c.save()
        child = subprocess.Popen([PROGRAM, "manifest", "verify"], cwd=c.root,
                                 stdout=subprocess.PIPE)
        with open(c.root / "model.bin", "r+b") as f:
            while child.poll() is None:
                f.write(b"x")
                f.flush()
                f.seek(0)
                time.sleep(0.001)
        said = child.communicate()[0].decode()
        equal(child.returncode, STOPPED, said)
        assert "model.bin: changed while it was read" in said or "sha256 is" in said, said


@test
def many_entries_take_linear_time():
    def seconds(n):
        with case() as c:
            c.manifest["artifacts"] = [{"path": f"d{i // 1000}/{i:07}", "sha256": "0" * 64,
                                        "bytes": i, "role": "dataset"} for i in range(n)]
            c.save()
            start = time.monotonic()
            equal(manifest("show", "-f", "json", cwd=c.root).returncode, ADMIT)
            return time.monotonic() - start
    few, many = seconds(10000), seconds(80000)
    assert many < 16 * few + 1, (few, many)


# ---- signatures and the record ----

@contextlib.contextmanager
def signed(when=None):
    """A case with a key, its manifest signed, and a state of its own."""
    with case() as c:
        c.keys = c.root.parent / "keys"
        c.keys.mkdir(mode=0o700)
        c.env = {"XDG_STATE_HOME": str(c.root.parent / "state")}
        c.record = c.root.parent / "state/pratique/manifests"
        c.key = str(c.keys / "a.pub")
        for name in ("a", "b"):
            done = run("keygen", "--output", str(c.keys / name), "--no-passphrase", "--comment", "t")
            equal(done.returncode, ADMIT, done.stderr)
        sign(c, when)
        yield c


def sign(c, when=None, key="a"):
    if when:
        c.manifest["generated_at"] = when
        c.save()
    (c.root / "MANIFEST.json.minisig").unlink(missing_ok=True)
    done = manifest("sign", "--key", str(c.keys / (key + ".key")), cwd=c.root)
    equal(done.returncode, ADMIT, done.stderr)


def checked(c, *args, key="a"):
    return verify(c, "--key", str(c.keys / (key + ".pub")), *args, env=c.env)


@test
def a_signature_is_demanded_where_there_is_a_key():
    with signed() as c:
        status, said = checked(c)
        equal(status, ADMIT, said)
        assert re.match(r"MANIFEST\.json: 5 files, 379 bytes as declared; signed by \S+/a\.pub "
                        r"\(minisign RW\S+\), 20\S+Z, \"file:MANIFEST\.json hashed\"$", said[-1]), said
        status, said = checked(c, key="b")
        equal(status, STOPPED, said)
        equal(said[-1], "MANIFEST.json: refused before a file was looked at")
        status, said = verify(c)
        equal(status, ADMIT)
        assert said[-1].endswith("not signed: nothing says who made it"), said
        c.put(c.text() + "\n")  # the same JSON
        status, said = checked(c)
        equal((status, len(said)), (STOPPED, 2), said)
        c.put(b"\xff{[")  # the signature comes first: nothing is said of the JSON
        status, said = checked(c)
        assert status == STOPPED and "MANIFEST.json:1" not in str(said), said
        c.save()
        os.rename(c.root / "MANIFEST.json.minisig", c.root.parent / "s")
        equal(checked(c)[0], STOPPED)
        equal(checked(c, "--signature", "nowhere")[0], STOPPED)
        equal(checked(c, "--signature", "../s", "--strict")[0], ADMIT)
        (c.root.parent / "s").write_bytes(b"")
        equal(checked(c, "--signature", "../s")[0], STOPPED)


@test
def an_older_manifest_is_refused():
    with signed("2025-11-20T10:00:00Z") as c:
        old = [(c.root / n).read_bytes() for n in ("MANIFEST.json", "MANIFEST.json.minisig")]
        equal(checked(c)[0], ADMIT)
        equal(checked(c)[0], ADMIT, "the same once more")
        first = c.record.read_bytes()
        sign(c, "2025-11-21T10:00:00Z")
        c.write("model.bin", b"bad")
        equal(checked(c)[0], STOPPED)
        equal(c.record.read_bytes(), first, "what was refused is not written down")
        c.write("model.bin", tampered.MODEL)
        equal(checked(c)[0], ADMIT)
        text = c.record.read_text()
        assert re.fullmatch(r"pratique-record 1\n2025-11-21T10:00:00Z [0-9a-f]{64} RW\S+ "
                            + re.escape(str(c.root)) + r"\n", text), text
        equal(c.record.stat().st_mode & 0o777, 0o600)
        for n, data in zip(("MANIFEST.json", "MANIFEST.json.minisig"), old):
            (c.root / n).write_bytes(data)
        status, said = checked(c)
        equal(status, STOPPED)
        assert said[0].startswith("MANIFEST.json: it is of 2025-11-20T10:00:00Z; the one accepted "
                                  "last is of 2025-11-21T10:00:00Z ("), said
        equal(said[-1], "MANIFEST.json: refused before a file was looked at")
        equal(checked(c, "--no-record")[0], ADMIT, "on purpose")
        equal(checked(c, "--record", "../other")[0], ADMIT, "another record")
        equal(verify(c)[0], ADMIT, "without keys there is no record")
        done = run("run", "--key", c.key, "--", "true", cwd=c.root, env=c.env)
        equal(done.returncode, STOPPED)


@test
def another_manifest_of_the_same_time_is_refused():
    with signed("2025-11-20T10:00:00Z") as c:
        equal(checked(c)[0], ADMIT)
        c.entry().update(role="dataset")
        sign(c, "2025-11-20T10:00:00Z")
        status, said = checked(c)
        equal(status, STOPPED)
        assert "another one of that time was accepted" in said[0], said
        sign(c, "2025-11-20T10:00:01Z")
        equal(checked(c)[0], ADMIT)


@test
def keys_and_roots_are_told_apart():
    with signed("2025-11-20T10:00:00Z") as c:
        equal(checked(c)[0], ADMIT)
        sign(c, "2025-11-10T10:00:00Z", key="b")
        equal(checked(c, key="b")[0], ADMIT, "another key")
        shutil.copytree(c.root, c.root.parent / "a b%")
        c.root = c.root.parent / "a b%"
        sign(c, "2025-11-01T10:00:00Z")
        equal(checked(c)[0], ADMIT, "another root")
        equal(len(c.record.read_text().splitlines()), 4)
        assert c.record.read_text().endswith("/a%20b%25\n")
        sign(c, "2025-11-01T09:00:00Z")
        equal(checked(c)[0], STOPPED)


@test
def a_broken_record_decides_nothing():
    with signed() as c:
        equal(checked(c)[0], ADMIT)
        good = c.record.read_text()
        for bad in ("x", "pratique-record 2\n", good[:-1], good + "x\n", good + good.split("\n")[1]
                    + "\n", good.replace("2025", "20x5"), good + "\0", good.replace(" RW", "  RW")):
            c.record.write_text(bad)
            status, said = checked(c)
            equal(status, UNDECIDED, (bad, said))
            assert "the record: " in said[0], said
            equal(c.record.read_text(), bad, "it is left as it is")
        c.record.write_text("")
        equal(checked(c)[0], ADMIT)
        c.record.unlink()
        c.record.mkdir()
        equal(checked(c)[0], UNDECIDED)
        c.record.rmdir()
        c.env = {"XDG_STATE_HOME": "", "HOME": ""}
        equal(checked(c)[0], USAGE)
        equal(checked(c, "--no-record")[0], ADMIT)


@test
def records_are_written_one_after_the_other():
    with signed("2025-11-20T10:00:00Z") as c:
        roots = []
        for i in range(12):
            root = c.root.parent / f"copy{i}"
            shutil.copytree(c.root, root)
            roots.append(root)
        children = [subprocess.Popen([PROGRAM, "manifest", "verify", "-q", "--key", c.key], cwd=r,
                                     env=dict(os.environ, **c.env)) for r in roots]
        equal([p.wait(timeout=30) for p in children], [ADMIT] * 12)
        equal(len(c.record.read_text().splitlines()), 13)


# ---- show, diff ----

@test
def show():
    with case() as c:
        done = manifest("show", cwd=c.root)
        equal(done.returncode, ADMIT)
        said = done.stdout.decode()
        for want in (r"^MANIFEST\.json: generated 2025-11-24T16:00:00Z, outside of a repository$",
                     r"^model-weights +high \(deserialisation\) +280 bytes  model\.bin$",
                     r"^config +medium \(integrity\) +14 bytes  config\.json$",
                     r"^in all +379 bytes  5$"):
            assert re.search(want, said, re.M), (want, said)
        shown = json.loads(manifest("show", "-f", "json", "MANIFEST.json", cwd=c.root).stdout)
        equal([a["path"] for a in shown["artifacts"]], sorted(tampered.FILES))
        equal({a["role"]: a["risk"] for a in shown["artifacts"]}["rag-kb"], "medium")
        equal(sum(r["files"] for r in shown["roles"]), 5)
        c.entry().update(role="test-data")
        c.entry("config.json").update(role="never-heard-of")
        c.save()
        shown = json.loads(manifest("show", "-f", "json", cwd=c.root).stdout)
        risks = {a["path"]: a["risk"] for a in shown["artifacts"]}
        equal((risks["model.bin"], risks["config.json"]), ("low", "high"))
        c.put("{")
        done = manifest("show", cwd=c.root)
        equal((done.returncode, done.stdout), (UNDECIDED, b""))
        assert b"MANIFEST.json:1: " in done.stderr, done.stderr


@test
def diff():
    with case() as c:
        shutil.copy(c.root / "MANIFEST.json", c.root / "OLD.json")
        done = manifest("diff", "OLD.json", "MANIFEST.json", cwd=c.root)
        equal((done.returncode, done.stdout), (ADMIT, b""))
        c.entry().update(sha256="0" * 64, bytes=281)
        c.entry("config.json").update(role="code")
        c.entry("index/docs.faiss").update(path="zzz")
        c.save()
        done = manifest("diff", "OLD.json", "MANIFEST.json", cwd=c.root)
        equal(done.returncode, STOPPED)
        said = lines(done)
        equal(said[0], "changed  config.json: role config, now code")
        equal(said[1], "removed  index/docs.faiss")
        assert said[2].startswith("changed  model.bin: 280 bytes, now 281; sha256 "), said
        equal(said[3:], ["added    zzz", "1 added, 1 removed, 2 changed"])
        equal(manifest("diff", "OLD.json", "nowhere", cwd=c.root).returncode, UNDECIDED)


# ---- run ----

def command(c, script, *args, **kw):
    return run("run", *args, "--manifest", "MANIFEST.json", "--", "sh", "-c", script, cwd=c.root,
               **kw)


def start(c, script):
    # Begun in a shell's background, or by nohup, we ignore them, and so would what we start: sh
    # cannot trap such a signal.
    for sig in (signal.SIGHUP, signal.SIGINT):
        signal.signal(sig, signal.SIG_DFL)
    return subprocess.Popen([PROGRAM, "run", "-m", "MANIFEST.json", "--", "sh", "-c", script],
                            cwd=c.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for(path, seconds=20):
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path} never came"
        time.sleep(0.01)


@test
def the_command_runs_when_all_is_well():
    with case() as c:
        for script, want in [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143),
                             ("kill -KILL $$", 137)]:
            equal(command(c, script).returncode, want, script)
        done = command(c, "cat; echo out; echo err >&2; cat model.bin", stdin=b"in\n")
        equal(done.stdout, b"in\nout\n" + tampered.MODEL)
        said = [x for x in done.stderr.splitlines() if b"are not mounted for" not in x]  # in a chroot
        equal(said, [b"err"])
        done = command(c, "echo log > log && cat log", "--strict", "-q")
        equal((done.returncode, done.stdout), (0, b"log\n"), done.stderr)


@test
def the_command_finds_what_it_would_find_otherwise():
    with case() as c:
        shell = f"trap '' CHLD USR1; ulimit -Sn 100; exec {PROGRAM} run -- sh -c '%s'"
        done = subprocess.run(["bash", "-c", shell % "ulimit -Sn; exit 6"], cwd=c.root,
                              capture_output=True)
        equal((done.returncode, done.stdout), (6, b"100\n"), done.stderr)
        done = subprocess.run(["bash", "-c", shell % "grep Sig[BI] /proc/self/status; ls /proc/self/fd"],
                              cwd=c.root, capture_output=True)
        said = done.stdout.decode().split()
        equal(said[:2], ["SigBlk:", "0" * 16])
        assert int(said[3], 16) & (1 << 9), "what was ignored stays ignored"
        equal(said[4:], ["0", "1", "2", "3"], "descriptors (3: of ls itself)")


@test
def the_command_does_not_run_otherwise():
    with case() as c:
        c.write("model.bin", b"bad")
        done = command(c, "echo never")
        equal((done.returncode, done.stdout), (STOPPED, b""))
        assert b"model.bin: 3 bytes, the manifest says 280" in done.stderr, done.stderr
        c.put("{")
        done = command(c, "echo never")
        equal((done.returncode, done.stdout), (STOPPED, b""))
        (c.root / "MANIFEST.json").unlink()
        equal(command(c, "echo never").returncode, UNDECIDED)
    with case() as c:
        done = run("run", "--", "/nowhere/at/all", cwd=c.root)
        equal(done.returncode, UNDECIDED)
        assert b"/nowhere/at/all: No such file" in done.stderr, done.stderr
        for args in (("run",), ("run", "--"), ("run", "x", "--", "true"),
                     ("run", "-f", "json", "--", "true")):
            equal(run(*args, cwd=c.root).returncode, USAGE, args)


def leases_work(folder):
    import fcntl
    path = folder / "lease-probe"
    path.write_bytes(b"")
    fd = os.open(path, os.O_RDONLY)
    try:
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        return True
    except OSError:
        return False
    finally:
        os.close(fd)
        path.unlink()


@test
def somebody_writes_already():
    with case() as c:
        if not leases_work(c.root.parent):
            raise Skip("no leases here")
        with open(c.root / "model.bin", "ab"):
            done = command(c, "echo never")
        equal((done.returncode, done.stdout), (STOPPED, b""))
        assert b"model.bin: somebody has it open for writing" in done.stderr, done.stderr
        with open(c.root / "model.bin", "rb"):
            equal(command(c, "exit 0").returncode, 0, "a reader is no writer")


def while_running(change, want, script="touch ../on; sleep 30; exit 8"):
    """The command is stopped; how it was told."""
    with case() as c:
        child = start(c, script)
        wait_for(c.root.parent / "on")
        began = time.monotonic()
        change(c)
        out, err = child.communicate(timeout=30)
        took = time.monotonic() - began
        equal(child.returncode, STOPPED, err)
        assert re.search(want, err.decode(), re.M), err
        assert took < 20, took
        return out


@test
def somebody_writes_meanwhile():
    def write(c):
        subprocess.run(["sh", "-c", "echo evil > model.bin"], cwd=c.root, timeout=30)
    while_running(write, r"^model\.bin: (somebody opened it for writing|somebody wrote to it) while "
                         r"the command ran; it was stopped$")


@test
def the_writer_comes_after_the_command():
    with case() as c:
        if not leases_work(c.root.parent):
            raise Skip("no leases here")
    def write(c):
        subprocess.run(["sh", "-c", "echo evil > model.bin"], cwd=c.root, timeout=30)
    out = while_running(write, "it was stopped", "trap 'cat model.bin; exit' TERM; touch ../on; "
                        "sleep 30 & wait")
    equal(out, tampered.MODEL, "what the command still read")


@test
def somebody_renames_meanwhile():
    def replace(c):
        c.write("new", b"evil")
        os.rename(c.root / "new", c.root / "model.bin")
    while_running(replace, r"^model\.bin: it was renamed or replaced while")
    while_running(lambda c: os.rename(c.root / "data", c.root / "data2"),
                  r"^data/kb/facts\.json: it was renamed or replaced while")
    while_running(lambda c: os.unlink(c.root / "tokenizer/vocab.txt"),
                  r"^tokenizer/vocab\.txt: it was (removed|renamed or replaced)")
    while_running(lambda c: os.rename(c.root, c.root.parent / "moved"), r"the root was moved")


@test
def a_command_that_does_not_listen_is_killed():
    def replace(c):
        c.write("new", b"evil")
        os.rename(c.root / "new", c.root / "model.bin")
    while_running(replace, r"it was stopped", "trap '' TERM; touch ../on; while :; do sleep 0.1; "
                  "done")


@test
def what_is_not_declared_may_change():
    with case() as c:
        done = command(c, "echo a > model.bin2; mv model.bin2 model; rm model; mkdir data2; "
                          "touch data/kb/new; mv data/kb/new data/kb/old; chmod 600 config.json; "
                          "exit 4")
        equal(done.returncode, 4, done.stderr)


@test
def the_command_itself_cannot_write():
    with case() as c:
        done = command(c, "echo evil > model.bin")
        if b"not mounted" in done.stderr:
            raise Skip("no mount namespaces here")
        assert done.returncode == 2 and b"Read-only file system" in done.stderr, done
        assert command(c, "rm -f model.bin").returncode == 1
        assert command(c, "mv config.json model.bin").returncode == 1
        equal(verify(c)[0], ADMIT)


@test
def signals_are_handed_on():
    with case() as c:
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
            (c.root.parent / "on").unlink(missing_ok=True)
            child = start(c, f"trap 'echo got; exit 9' {sig.name[3:]}; touch ../on; "
                             "sleep 30 >&- 2>&- & wait; exit 8")
            wait_for(c.root.parent / "on")
            child.send_signal(sig)
            out, err = child.communicate(timeout=30)
            equal((child.returncode, out), (9, b"got\n"), (sig, err))


@test
def the_command_ends_with_its_guard():
    with case() as c:
        child = start(c, "echo $$ > ../pid; touch ../on; exec sleep 60")
        wait_for(c.root.parent / "on")
        pid = int((c.root.parent / "pid").read_text())
        child.kill()
        child.communicate(timeout=30)
        end = time.monotonic() + 10
        while os.path.exists(f"/proc/{pid}") and time.monotonic() < end:
            time.sleep(0.01)
        assert not os.path.exists(f"/proc/{pid}"), "the command outlived its guard"


@test
def files_of_somebody_else_are_watched():
    with somebody() as (c, as_nobody):
        child = as_nobody("run", "--", "sh", "-c", "touch ../here; exit 5")
        err = child.communicate(timeout=30)[1]
        equal(child.returncode, 5, err)
        assert b"5 files cannot be held against writers; they are watched" in err, err
        child = as_nobody("run", "--", "sh", "-c", "touch ../on; sleep 30; exit 8")
        wait_for(c.root.parent / "on")
        with open(c.root / "model.bin", "r+b") as f:
            f.write(b"evil")
        err = child.communicate(timeout=30)[1]
        equal(child.returncode, STOPPED, err)
        assert b"model.bin: somebody wrote to it while the command ran" in err, err


if __name__ == "__main__":
    main()
