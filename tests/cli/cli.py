#!/usr/bin/env python3
"""The command line: options, exit statuses, inputs, outputs."""

import json
import os
import re
import signal
import stat
import subprocess
import time

from _tap import (ADMIT, BENIGN, HELD, HOSTILE, PROGRAM, STOPPED, Skip, UNDECIDED, USAGE, equal, folder,
                  main, run, scan_json, test)


@test
def wrong_use_is_2_and_says_what_to_do():
    rows = [
        ([], "--help"),
        (["frobnicate"], "frobnicate"),
        (["watch"], "name a wheel"),
        (["rules", "--format", "html"], "json"),
        (["scan"], "file or folder"),
        (["scan", "--frob", "x"], "--frob"),
        (["scan", "-z", "x"], "-z"),
        (["scan", "--quiet=1", "x"], "takes no value"),
        (["scan", "x", "--format"], "needs a value"),
        (["scan", "--format", "yaml", "x"], "json"),
        (["scan", "--workers", "0", "x"], "--help"),
        (["scan", "--workers", "two", "x"], "two"),
        (["scan", "--max-depth", "-1", "x"], "-1"),
        (["scan", "--max-memory", "12Q", "x"], "12Q"),
        (["scan", "--max-memory", "99999999999999999999", "x"], "bytes"),
        (["scan", "--max-output", "18014398509481984G", "x"], "bytes"),
        (["scan", "--timeout", "4294968", "x"], "seconds"),
        (["scan", "--trust-classes", "", "x"], "empty"),
        (["scan", "--output", "", "x"], "empty"),
        (["rules", "x"], "explain"),
        (["rules", "--format", "sarif"], "json"),
        (["explain"], "rule"),
        (["explain", "NOPE123"], "NOPE123"),
    ]
    for args, says in rows:
        done = run(*args)
        equal(done.returncode, USAGE, args)
        equal(done.stdout, b"", args)
        assert says in done.stderr.decode(), (args, done.stderr)
        assert done.stderr.startswith(b"pratique: ") and done.stderr.count(b"\n") == 1, done.stderr


@test
def help_and_version_go_to_standard_output():
    for args in (["--help"], ["-h"], ["help"], ["scan", "--help"], ["scan", "x", "-h"],
                 ["rules", "--help"], ["explain", "-h"], ["watch", "-h"], ["admit", "-h"], ["convert", "-h"],
                 ["manifest", "-h"], ["manifest", "create", "-h"], ["manifest", "sign", "-h"],
                 ["manifest", "verify", "-h"], ["manifest", "show", "-h"], ["manifest", "diff", "-h"], ["run", "-h"],
                 ["attest", "-h"], ["keygen", "-h"], ["signature", "-h"], ["signature", "sign", "-h"],
                 ["signature", "verify", "-h"], ["--version"], ["-V"]):
        done = run(*args)
        equal((done.returncode, done.stderr), (ADMIT, b""), args)
        assert done.stdout.strip(), args
        assert max(map(len, done.stdout.decode().splitlines())) <= 100, args


@test
def every_option_in_the_help_is_taken():
    text = run("scan", "--help").stdout.decode()
    values = {"FORMAT": "json", "FILE": "/dev/null", "PACKAGE": "gensim", "N": "2", "BYTES": "1G",
              "SECONDS": "60", "NAME": "upload", "POLICY": "p.yml", "THREATS": "t.md"}
    found = re.findall(r"--([a-z0-9-]+)(?: ([A-Z]+))?", text)
    assert len(found) > 12, found
    with folder(good_pkl=BENIGN, p_yml=b"version: 1\n", t_md=b"none\n") as d:
        for name, value in found:
            if name in ("help", "mode"):  # a mode is of a policy file: tests/cli/policy.py
                continue
            args = [f"--{name}"] + ([values[value]] if value else [])
            equal(run("scan", *args, "good.pkl", cwd=d).returncode, ADMIT, args)
            if value:
                done = run("scan", f"--{name}={values[value]}", "good.pkl", cwd=d)
                equal(done.returncode, ADMIT, args)


@test
def the_exit_status_is_the_worst_verdict():
    rows = [
        (["good.pkl"], ADMIT),
        (["bad.pkl"], STOPPED),
        (["held.pkl"], STOPPED),
        (["empty.pkl"], UNDECIDED),
        (["missing.pkl"], UNDECIDED),
        (["good.pkl", "good.pkl"], ADMIT),
        (["good.pkl", "held.pkl"], STOPPED),
        (["held.pkl", "empty.pkl"], UNDECIDED),
        (["empty.pkl", "held.pkl", "good.pkl"], UNDECIDED),
        (["empty.pkl", "bad.pkl", "good.pkl"], STOPPED),
        (["missing.pkl", "bad.pkl"], STOPPED),
    ]
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD, empty_pkl=b"") as d:
        for paths, want in rows:
            for form in ("text", "json", "sarif", "html"):
                done = run("scan", "--format", form, *paths, cwd=d)
                equal(done.returncode, want, (paths, form))


@test
def inputs_by_every_way():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE) as d:
        equal(scan_json("-", stdin=HOSTILE)[1].returncode, STOPPED, "standard input")
        equal(scan_json("-", stdin=BENIGN)[1].returncode, ADMIT, "standard input")
        report, done = scan_json(".", cwd=d)
        equal((len(report["artifacts"]), done.returncode), (2, STOPPED), "a folder")
        report, done = scan_json("*.pkl", cwd=d)
        equal((len(report["artifacts"]), done.returncode), (2, STOPPED), "a pattern")
        report, done = scan_json("g?od.pkl", cwd=d)
        equal((len(report["artifacts"]), done.returncode), (1, ADMIT), "another")
        report, done = scan_json("*.nothing", cwd=d)
        equal((len(report["artifacts"]), done.returncode), (1, UNDECIDED), "a pattern of nothing")
        (d / "[gb]ood.pkl").write_bytes(HOSTILE)
        report, done = scan_json("[gb]ood.pkl", cwd=d)
        equal((len(report["artifacts"]), done.returncode), (1, STOPPED), "a name like a pattern")


@test
def an_empty_folder_is_not_admitted():
    with folder() as d:
        report, done = scan_json(str(d))
        equal((done.returncode, report["verdict"]), (UNDECIDED, "undecided"))
        assert report["artifacts"][0]["findings"], "and it says why"


@test
def a_missing_file_is_named_and_the_rest_goes_on():
    with folder(good_pkl=BENIGN) as d:
        report, done = scan_json("missing.pkl", "good.pkl", cwd=d)
        equal([a["verdict"] for a in report["artifacts"]], ["undecided", "admit"])
        assert report["artifacts"][0]["path"].endswith("missing.pkl")
        assert report["artifacts"][0]["findings"], "and says why"
        equal(done.returncode, UNDECIDED)


@test
def limits_are_kept():
    with folder(good_pkl=BENIGN + b" " * 100) as d:
        import zipfile
        inner = d / "inner.zip"
        with zipfile.ZipFile(inner, "w") as z:
            z.write(d / "good.pkl", "good.pkl")
        with zipfile.ZipFile(d / "outer.zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.write(inner, "inner.zip")
            z.writestr("zeros.bin", bytes(1 << 22))
        for args in (["--max-depth", "1"], ["--max-members", "1"], ["--max-output", "64k"]):
            report, done = scan_json(*args, "outer.zip", cwd=d)
            equal(done.returncode, UNDECIDED, args)


@test
def output_appears_whole_or_not_at_all():
    with folder(bad_pkl=HOSTILE) as d:
        out = d / "report.json"
        out.write_text("old")
        out.chmod(0o600)
        done = run("scan", "-f", "json", "-o", "report.json", "bad.pkl", cwd=d)
        equal((done.returncode, done.stdout), (STOPPED, b""))
        equal(json.loads(out.read_text())["verdict"], "refuse")
        equal(sorted(os.listdir(d)), ["bad.pkl", "report.json"], "no temporary file stays")
        umask = os.umask(0o022)
        os.umask(umask)
        equal(stat.S_IMODE(out.stat().st_mode), 0o666 & ~umask, "its mode")
        equal(run("scan", "-o", str(d / "no/such/folder"), "bad.pkl", cwd=d).returncode, USAGE)
        done = run("scan", "-o", "/dev/full", "bad.pkl", cwd=d)
        equal(done.returncode, UNDECIDED, "a full disk")
        assert b"No space" in done.stderr, done.stderr
        equal(run("scan", "-o", "/dev/null", "bad.pkl", cwd=d).returncode, STOPPED, "a device")
        assert not stat.S_ISREG(os.stat("/dev/null").st_mode)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "scan", "bad.pkl"], cwd=d, stdout=full,
                                  stderr=subprocess.PIPE)
        equal(done.returncode, UNDECIDED, "standard output is full")


@test
def a_signal_leaves_no_temporary_file_and_the_old_report():
    with folder(bad_pkl=HOSTILE, out_txt=b"old") as d:
        child = subprocess.Popen([PROGRAM, "scan", "-o", "out.txt", "bad.pkl", "-"], cwd=d,
                                 stdin=subprocess.PIPE)
        time.sleep(0.2)  # it waits for the end of its standard input
        child.send_signal(signal.SIGTERM)
        equal(child.wait(20), -signal.SIGTERM)
        child.stdin.close()
        equal(sorted(os.listdir(d)), ["bad.pkl", "out.txt"])
        equal((d / "out.txt").read_bytes(), b"old")


@test
def a_report_is_not_scanned_while_it_is_written():
    with folder(good_pkl=BENIGN) as d:
        done = run("scan", "-f", "json", "-o", "report.json", ".", cwd=d)
        equal(done.returncode, ADMIT)
        report = json.loads((d / "report.json").read_text())
        equal([a["path"].split("/")[-1] for a in report["artifacts"]], ["good.pkl"])


@test
def file_names_give_no_orders():
    """What `pratique scan *` becomes in a folder that somebody else filled."""
    for name in ("--trust-classes=some_package", "--quiet", "-o", "--help", "--weak-sandbox-ok", "-x",
                 "-", "--"):
        with folder(good_pkl=BENIGN) as d:
            (d / name).write_bytes(HELD)
            done = run("scan", *sorted(os.listdir(d)), cwd=d)
            equal(done.returncode, USAGE, name)
            assert b"also a file" in done.stderr, done.stderr
            equal(sorted(os.listdir(d)), sorted([name, "good.pkl"]))
            equal(run("scan", "./" + name, cwd=d).returncode, STOPPED, name)
            if name != "--":
                equal(run("scan", "--", *sorted(os.listdir(d)), cwd=d).returncode, STOPPED, name)
    done = run("scan", "--\x1b]0;title\x07\u202e")
    assert all(b == 10 or 32 <= b < 127 for b in done.stderr), done.stderr


@test
def closed_descriptors_harm_no_file():
    with folder(bad_pkl=HOSTILE) as d:
        for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
            done = subprocess.run(["sh", "-c", f'exec "$0" scan bad.pkl {closed}', PROGRAM], cwd=d,
                                  capture_output=True)
            equal(done.returncode, STOPPED, closed)
        equal((d / "bad.pkl").read_bytes(), HOSTILE, "the input is what it was")


@test
def nothing_steers_the_terminal():
    names = [b"a\x1b[31mred.pkl", b"b\xff\xfe.pkl", b"c\nadmit  all.pkl", "d\u202egpj.pkl".encode(),
             b"e\xc2\x9b31m.pkl", b"f\rg.pkl"]
    with folder() as d:
        for name in names:
            with open(os.path.join(os.fsencode(d), name), "wb") as f:
                f.write(b"cos\nsystem\n(S'echo \x1b]0;title\x07 pratique-fixture'\ntR.")
        for form in ("text", "json", "sarif", "html"):
            done = run("scan", "-v", "-f", form, str(d))
            text = done.stdout.decode("utf-8")  # valid whatever the names are
            for c in text:
                assert c == "\n" or (" " <= c < "\x7f") or c > "\xa0", (form, c)
                assert c not in "\u202e\u2066\u200b", (form, c)
            equal(done.returncode, STOPPED, form)
        for line in run("scan", str(d)).stdout.decode().splitlines():
            assert not line.startswith("admit"), line


@test
def colour_only_where_it_is_wanted():
    with folder(bad_pkl=HOSTILE) as d:
        assert b"\x1b" not in run("scan", "bad.pkl", cwd=d).stdout
        assert b"\x1b" in run("scan", "--color", "bad.pkl", cwd=d).stdout
        assert b"\x1b" not in run("scan", "--color", "--no-color", "bad.pkl", cwd=d).stdout
        assert b"\x1b" not in run("scan", "--color", "-f", "json", "bad.pkl", cwd=d).stdout
        assert b"\x1b" in on_terminal(d)
        assert b"\x1b" not in on_terminal(d, {"NO_COLOR": "1"})
        assert b"\x1b" not in on_terminal(d, {"TERM": "dumb"})


def on_terminal(cwd, env=None, args=("bad.pkl",), stderr=False):
    """What `pratique scan` writes when standard output, or standard error, is a terminal."""
    try:
        ours, theirs = os.openpty()
    except OSError as e:
        raise Skip(f"no terminal: {e}") from e
    child = subprocess.Popen([PROGRAM, "scan", *args], cwd=cwd, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL if stderr else theirs,
                             stderr=theirs if stderr else subprocess.DEVNULL,
                             env={**os.environ, "TERM": "xterm", **(env or {})})
    os.close(theirs)
    text = b""
    try:
        while chunk := os.read(ours, 65536):
            text += chunk
    except OSError:  # how a terminal whose other end is closed says end of file
        pass
    os.close(ours)
    child.wait(20)
    return text


@test
def progress_is_shown_now_and_then_and_erased():
    with folder() as d:
        for i in range(4000):
            (d / f"{i}.pkl").write_bytes(BENIGN)
        begin = time.monotonic()
        text = on_terminal(d, args=["."], stderr=True)
        spent = time.monotonic() - begin
        assert text.count(b"\r") <= 10 * spent + 2, (text.count(b"\r"), spent)
        assert not text or text.endswith(b"\r\x1b[K"), text[-100:]
        equal(on_terminal(d, {"TERM": "dumb"}, ["."], stderr=True), b"")


@test
def quiet_tells_only_what_was_stopped():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE) as d:
        equal(run("scan", "-q", "good.pkl", cwd=d).stdout, b"")
        text = run("scan", "-q", "good.pkl", "bad.pkl", cwd=d).stdout.decode()
        assert "bad.pkl" in text and "good.pkl" not in text, text


@test
def standard_error_is_silent_off_a_terminal():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE) as d:
        equal(run("scan", ".", cwd=d).stderr, b"")


@test
def the_answer_depends_on_the_bytes_alone():
    def answer(*args, **kw):
        report = scan_json(*args, **kw)[0]
        for a in report["artifacts"]:
            a["time_us"] = 0
        return report

    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD) as d:
        paths = [str(d / p) for p in ("good.pkl", "bad.pkl", "held.pkl")] * 5
        first = answer(*paths)
        for workers in ("1", "2", "7"):
            equal(answer("--workers", workers, *paths), first, f"{workers} workers")
        with folder(some_package=b"", pickle_py=b"raise SystemExit", pyproject_toml=b"[x]") as other:
            equal(answer(*paths, cwd=other), first, "another folder")
        equal(answer(*paths, env={"LC_ALL": "tr_TR.UTF-8", "HOME": "/nonexistent"}), first)


@test
def trust_classes_lets_a_package_build_its_classes():
    with folder(held_pkl=HELD) as d:
        equal(run("scan", "held.pkl", cwd=d).returncode, STOPPED)
        equal(run("scan", "--trust-classes", "some_package", "held.pkl", cwd=d).returncode, ADMIT)
        equal(run("scan", "--trust-classes", "other", "held.pkl", cwd=d).returncode, STOPPED)
        equal(run("scan", "--trust-classes", "some", "held.pkl", cwd=d).returncode, STOPPED)


@test
def rules_and_explain_tell_every_rule():
    rules = json.loads(run("rules", "--format", "json").stdout)
    assert len(rules) > 20, len(rules)
    text = run("rules").stdout.decode().splitlines()
    equal([r["id"] for r in rules], [line.split()[0] for line in text])
    for r in rules:
        for word in (r["id"], r["id"].lower(), r["name"]):
            done = run("explain", word)
            equal(done.returncode, ADMIT, word)
            for part in ("id", "name", "message", "why", "remedy", "reference"):
                assert r[part] and r[part] in done.stdout.decode(), (word, part)
    equal(run("explain", rules[0]["id"], rules[1]["id"]).returncode, ADMIT)


main()
