#!/usr/bin/env python3
"""Bad input: each has a clear line and its verdict, and the rest goes on."""

import os
import pathlib
import resource
import subprocess
import time

from _tap import (ADMIT, BENIGN, HOSTILE, PROGRAM, STOPPED, UNDECIDED, equal, folder, main, run,
                  scan_json, test)


def answers(report):
    """name: (verdict, ids of rules)"""
    return {pathlib.Path(a["path"]).name: (a["verdict"], [f["rule"] for f in a["findings"]])
            for a in report["artifacts"]}


@test
def the_rest_goes_on():
    with folder(a_pkl=BENIGN, b_pkl=b"", c_pkl=HOSTILE, d_pkl=BENIGN[:20], e_pkl=BENIGN) as where:
        os.mkfifo(where / "fifo")
        (where / "sub").mkdir()
        (where / "dangling").symlink_to("nowhere")
        (where / "outside").symlink_to("/etc/hostname")
        report, done = scan_json(str(where), str(where / "gone.pkl"), "/dev/null")
        got = answers(report)
        equal(got["a.pkl"], ("admit", []))
        equal(got["e.pkl"], ("admit", []))
        equal(got["b.pkl"], ("undecided", ["ENG005"]))
        equal(got["c.pkl"][0], "refuse")
        equal(got["d.pkl"][0], "undecided")
        equal(got["fifo"], ("undecided", ["ENG007"]))
        equal(got["dangling"], ("undecided", ["ENG006"]))
        equal(got["outside"], ("undecided", ["ENG016"]))
        equal(got["gone.pkl"], ("undecided", ["ENG006"]))
        equal(got["null"], ("undecided", ["ENG007"]))
        equal(done.returncode, STOPPED)


@test
def a_broken_file_is_told_with_its_offset():
    with folder(a_pkl=BENIGN[:20]) as where:
        report, done = scan_json(str(where))
        equal(done.returncode, UNDECIDED)
        finding = report["artifacts"][0]["findings"][0]
        assert finding["path"].endswith("a.pkl") and finding["offset"] is not None, finding


@test
def empty_and_missing_are_undecided():
    for make, rule in ((lambda p: p.mkdir(), "ENG005"), (lambda p: p.write_bytes(b""), "ENG005"),
                       (lambda p: None, "ENG006")):
        with folder() as where:
            make(where / "x")
            report, done = scan_json(str(where / "x"))
            equal(answers(report)["x"], ("undecided", [rule]))
            equal(done.returncode, UNDECIDED)


@test
def unreadable_is_undecided():
    with folder(a_pkl=BENIGN, b_pkl=BENIGN) as where:
        (where / "a.pkl").chmod(0)
        if os.access(where / "a.pkl", os.R_OK):
            return  # root may read all
        report, done = scan_json(str(where))
        equal(answers(report), {"a.pkl": ("undecided", ["ENG006"]), "b.pkl": ("admit", [])})
        equal(done.returncode, UNDECIDED)


@test
def a_writer_on_the_other_end_of_a_fifo_is_not_disturbed():
    with folder(a_pkl=BENIGN) as where:
        os.mkfifo(where / "fifo")
        writer = subprocess.Popen(["sh", "-c", "echo x > fifo"], cwd=where)
        run("scan", str(where))
        time.sleep(0.1)
        equal(writer.poll(), None, "the writer still waits")
        with open(where / "fifo", "rb") as f:
            equal(f.read(), b"x\n")
        writer.wait(timeout=10)


@test
def standard_input_in_every_form():
    with folder(a_pkl=BENIGN) as where:
        for command, want in (("cat a.pkl |", ADMIT), ("", ADMIT)):
            shell = f"{command} '{PROGRAM}' scan -" + ("" if command else " < a.pkl")
            done = subprocess.run(["sh", "-c", shell], cwd=where, capture_output=True)
            equal(done.returncode, want, shell)
        equal(run("scan", "-", stdin=b"").returncode, UNDECIDED)
        equal(run("scan", "-", stdin=HOSTILE).returncode, STOPPED)
        done = subprocess.run(["sh", "-c", f"'{PROGRAM}' scan - <&-"], capture_output=True)
        equal(done.returncode, UNDECIDED, "closed")
        done = subprocess.run(["sh", "-c", f"'{PROGRAM}' scan --max-memory 16M - < /dev/zero"],
                              capture_output=True)
        equal(done.returncode, UNDECIDED, "endless")


@test
def a_file_that_shrinks_while_it_is_read():
    """Hashing 64 GB takes longer than the test; the file is cut while the worker is at it."""
    with folder(b_pkl=BENIGN) as where:
        with open(where / "a.bin", "wb") as f:
            try:
                f.truncate(64 << 30)
            except OSError:
                return  # this file system has no files of that size
        gate = subprocess.Popen([PROGRAM, "scan", "--sha256", "--format", "json", str(where)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.7)
        os.truncate(where / "a.bin", 1 << 20)
        out, err = gate.communicate(timeout=60)
        equal(gate.returncode, UNDECIDED, err)
        assert b"ENG011" in out and b"SIGBUS" in out and b'"admit"' in out, out


@test
def a_sparse_terabyte_is_bounded():
    with folder() as where:
        with open(where / "a.bin", "wb") as f:
            try:
                f.truncate(1 << 40)
            except OSError:
                return
        start = time.monotonic()
        done = run("scan", str(where))
        equal(done.returncode, UNDECIDED)
        seconds = time.monotonic() - start
        assert seconds < 10, f"{seconds:.1f} s"
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        assert most < 4 << 20, f"{most} KiB"


@test
def names_that_want_to_write_on_the_terminal():
    with folder() as where:
        (where / "a\x1b[31m\n\u202e.pkl").write_bytes(HOSTILE)
        for form in ("text", "json", "sarif", "html"):
            done = run("scan", "--format", form, str(where))
            equal(done.returncode, STOPPED)
            assert b"\x1b" not in done.stdout and "\u202e" not in done.stdout.decode(), form


@test
def a_path_that_is_long():
    with folder() as where:
        deep = where
        here = os.getcwd()
        try:
            for _ in range(40):  # past PATH_MAX
                os.chdir(deep)
                deep = pathlib.Path("d" * 200)
                deep.mkdir()
            (deep / "a.pkl").write_bytes(HOSTILE)
        finally:
            os.chdir(here)
        equal(run("scan", str(where)).returncode, STOPPED)


if __name__ == "__main__":
    main()
