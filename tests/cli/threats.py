#!/usr/bin/env python3
"""security/THREATS.md: what excuses a comment, and pratique threats."""

import contextlib
import io
import json
import pathlib
import re
import tempfile
import zipfile

from _tap import ADMIT, ROOT, STOPPED, USAGE, equal, main, run, scan_json, test

LOAD = "import pickle\nx = pickle.load(open('x', 'rb'))  # nosec B301 - written by this process\n"

ENTRY = """## {id}: {title}

- file: {file}
- rule: {rule}
- probability: {p}
- severity: {s}
- detection: {d}
- reason: the file is written by this process, in a folder
  that nobody else can write to
- owner: me
- date: 2026-11-24

"""


def entry(id="T1", title="A cache", file="src/a.py", rule="SRC001", p=2, s=4, d=0.5):
    return ENTRY.format(**locals())


@contextlib.contextmanager
def project(threats=None, git=True, **files):
    """A folder with security/THREATS.md and src/a.py."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as name:
        root = pathlib.Path(name)
        (root / "security").mkdir()
        (root / "src").mkdir()
        if git:
            (root / ".git").mkdir()
        if threats is not None:
            (root / "security/THREATS.md").write_text(threats)
        (root / "src/a.py").write_text(LOAD)
        for file, text in files.items():
            (root / file.replace("__", "/").replace("_py", ".py")).write_text(text)
        yield root


def source(*args, cwd):
    return scan_json("--policy", "source", *args, cwd=cwd)


def rules_of(report, i=0):
    return sorted(f["rule"] for f in report["artifacts"][i]["findings"])


@test
def a_reason_and_an_entry_excuse():
    with project(entry()) as root:
        for cwd, path in [(root, "src/a.py"), (root, "src"), (root / "src", "a.py"),
                          (root / "src", "."), (root / "src", "../src/a.py"),
                          (root, str(root / "src/a.py")), (root, "./src/")]:
            report, done = source(path, cwd=cwd)
            equal((done.returncode, rules_of(report)), (ADMIT, ["SRC001"]), path)
            (f,) = report["artifacts"][0]["findings"]
            equal(f["severity"], "info")
            equal(f["excuse"], "excused by # nosec B301 - written by this process, "
                  "security/THREATS.md:1 (T1)")
        sarif = json.loads(run("scan", "-f", "sarif", "--policy", "source", "src",
                               cwd=root).stdout)
        equal(sarif["runs"][0]["results"][0]["suppressions"][0]["kind"], "inSource")


@test
def without_an_entry_nothing_is_excused():
    for threats in (None, "# none\n", entry(file="src/b.py"), entry(rule="SRC002"),
                    entry(file="a.py")):
        with project(threats) as root:
            report, done = source("src", cwd=root)
            equal((done.returncode, rules_of(report)), (STOPPED, ["SRC001", "SRC011"]), threats)


@test
def parents_speak_up_to_the_one_with_git_alone():
    with project(entry(), git=False) as root:
        equal(source("src", cwd=root)[1].returncode, STOPPED, "no .git above")
        equal(source(".", cwd=root)[1].returncode, ADMIT, "the folder itself")
    with project(entry()) as root:
        (root / "src/.git").write_text("gitdir: elsewhere\n")
        equal(source("src/a.py", cwd=root)[1].returncode, STOPPED, "another repository")


@test
def threats_may_be_named():
    with project(git=False) as root:
        (root / "T.md").write_text(entry())
        (root / "security/T.md").write_text(entry())
        for name in ("T.md", "security/T.md"):
            equal(source("--threats", name, "src", cwd=root)[1].returncode, ADMIT, name)


@test
def an_archive_does_not_excuse_itself():
    with project(None) as root:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            z.writestr("src/a.py", LOAD)
            z.writestr("security/THREATS.md", entry())
        (root / "a.zip").write_bytes(out.getvalue())
        equal(source("a.zip", cwd=root)[1].returncode, STOPPED)
        (root / "security/THREATS.md").write_text(entry(file="a.zip!/src/a.py"))
        equal(source("a.zip", cwd=root)[1].returncode, ADMIT, "the parent may")
        equal(run("threats", cwd=root).returncode, ADMIT)


@test
def uploads_are_never_excused():
    with project(entry()) as root:
        report, done = scan_json("--policy", "upload,source", "src", cwd=root)
        equal((done.returncode, rules_of(report)), (STOPPED, ["SRC001", "UPL006"]))


@test
def a_file_that_is_wrong_scans_nothing():
    with project(entry(p=6)) as root:
        for args in (["scan", "--policy", "source", "src"], ["threats"],
                     ["scan", "--policy", "source", "--threats", "security/THREATS.md", "src"]):
            done = run(*args, cwd=root)
            equal((done.returncode, done.stdout), (USAGE, b""), args)
            assert b"security/THREATS.md:5: probability is" in done.stderr, done.stderr
        equal(run("scan", "--policy", "source", "--threats", "gone.md", "src",
                  cwd=root).returncode, USAGE)
        equal(run("scan", "src/a.py", cwd=root).returncode, STOPPED, "nobody asks for it")


@test
def the_matrix_is_sorted_by_what_is_left():
    text = (entry("T1", "small", p=1, s=2, d=0) + entry("T2", "large", p=5, s=5, d=0.125)
            + entry("T3", "detected", p=5, s=5, d=1) + entry("T4", "as small", p=2, s=2, d=0.5))
    with project(text) as root:
        done = run("threats", cwd=root)
        equal(done.returncode, ADMIT)
        ids = re.findall(r"\bT\d\b", done.stdout.decode())
        equal(ids, ["T2", "T1", "T4", "T3"])
        assert "21.87  5 x 5 x 0.87  T2" in done.stdout.decode(), done.stdout
        rows = json.loads(run("threats", "--format", "json", cwd=root).stdout)
        equal([(r["id"], r["risk"], r["detection"], r["gone"]) for r in rows],
              [("T2", 21.875, 0.125, None), ("T1", 2.0, 0.0, None), ("T4", 2.0, 0.5, None),
               ("T3", 0.0, 1.0, None)])
        equal(rows[1]["reason"],
              "the file is written by this process, in a folder that nobody else can write to")


@test
def an_entry_whose_code_is_gone_fails():
    for threats, files, word in [
            (entry() + entry("T2", file="src/gone.py"), {}, "the file is not there"),
            (entry(rule="SRC002"), {}, "no such finding"),
            (entry(), {"src__a_py": "import pickle\nx = pickle.load(f)\n"}, "no such finding"),
            (entry(), {"src__a_py": "x = 1\n"}, "no such finding")]:
        with project(threats, **files) as root:
            done = run("threats", cwd=root)
            equal(done.returncode, STOPPED, word)
            assert word in done.stdout.decode(), done.stdout


@test
def wrong_use_is_told():
    with project() as root:
        for args in (["threats"], ["threats", "a", "b"], ["threats", "-f", "sarif"],
                     ["threats", "gone.md"], ["threats", "."]):
            done = run(*args, cwd=root)
            equal((done.returncode, done.stdout), (USAGE, b""), args)
            assert done.stderr, args
    with project("# none yet\n") as root:
        equal(run("threats", cwd=root).returncode, ADMIT)


@test
def the_example_in_the_document_is_right():
    text = re.search(r"```markdown\n(.*?)```", (ROOT / "docs/threats.md").read_text(), re.S).group(1)
    with project(text) as root:
        (root / "src/cache.py").write_text(LOAD)
        done = run("threats", cwd=root)
        equal((done.returncode, done.stderr), (ADMIT, b""))


main()
