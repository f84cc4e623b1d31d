#!/usr/bin/env python3
"""The reports: JSON against its schema, text against its promises, docs/rules.md against the rules."""

import hashlib
import json
import zipfile

import _schema
from _tap import ADMIT, BENIGN, HELD, HOSTILE, ROOT, STOPPED, equal, folder, main, run, scan_json, test

SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text())


def sample(d):
    """A folder with one of each verdict, and one file inside another."""
    with zipfile.ZipFile(d / "upload.zip", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("inner/evil.pkl", HOSTILE)
        z.writestr("readme.txt", "hello\n")
    (d / "good.pkl").write_bytes(BENIGN)
    (d / "held.pkl").write_bytes(HELD)
    (d / "empty.pkl").write_bytes(b"")


@test
def json_keeps_its_schema():
    with folder() as d:
        sample(d)
        for args in ([], ["--sha256"], ["--verbose"], ["--quiet"], ["missing"]):
            report, _ = scan_json(*args, ".", cwd=d)
            _schema.check(report, SCHEMA, SCHEMA)
        golden = ROOT / "tests/golden"
        if golden.is_dir():
            report, _ = scan_json(str(golden))
            _schema.check(report, SCHEMA, SCHEMA)


@test
def json_of_an_empty_folder_keeps_its_schema():
    with folder() as d:
        report, _ = scan_json(str(d))
        _schema.check(report, SCHEMA, SCHEMA)
        equal(report["verdict"], "undecided")


@test
def json_about_trust_keeps_its_schema():
    """Manifests, signatures, attestations, admissions: good and bad. An admission counts once."""
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE) as d:
        env = {"XDG_STATE_HOME": str(d)}
        (d / "m").mkdir()
        (d / "m/a.txt").write_text("a")
        for args in (["keygen", "--no-passphrase", "-o", "k"], ["manifest", "create", "m"],
                     ["signature", "sign", "good.pkl", "-k", "k.key"], ["attest", "good.pkl", "-k", "k.key"]):
            equal(run(*args, cwd=d, env=env).returncode, ADMIT, args)
        trusted = ["-k", "k.pub", "--require-attestation", "k.pub"]
        rows = [(["signature", "verify", "good.pkl", "-k", "k.pub"], ["signature"], "admit"),
                (["signature", "verify", "bad.pkl", "-k", "k.pub"], ["signature"], "refuse"),
                (["manifest", "verify", "m/MANIFEST.json"], ["manifest"], "admit"),
                (["manifest", "verify", "m/MANIFEST.json", "-k", "k.pub"], ["manifest"], "refuse"),
                (["admit", "good.pkl", "--to", "one", *trusted],
                 ["signature", "attestation", "pickle", "unpack"], "admit"),
                (["admit", "bad.pkl", "--to", "two"], ["pickle"], "refuse"),
                (["admit", "bad.pkl", "--to", "two", *trusted], ["signature"], "refuse")]
        for args, formats, verdict in rows:
            report = json.loads(run(*args, "--format", "json", cwd=d, env=env).stdout)
            _schema.check(report, SCHEMA, SCHEMA)
            equal([a["format"] for a in report["artifacts"]], formats, args)
            equal((report["verdict"], report["totals"]["artifacts"], report["totals"][verdict]), (verdict, 1, 1), args)
        last = json.loads(run("admit", "good.pkl", "--to", "three", "-f", "json", cwd=d).stdout)["artifacts"][-1]
        equal([(c["format"], c["detail"]) for c in last["components"]], [("placed", "as it is, in three")])


@test
def json_tells_what_was_found_and_where():
    with folder() as d:
        sample(d)
        report, _ = scan_json(".", cwd=d)
        by_name = {a["path"].split("/")[-1]: a for a in report["artifacts"]}
        equal({n: a["verdict"] for n, a in by_name.items()},
              {"upload.zip": "refuse", "good.pkl": "admit", "held.pkl": "hold",
               "empty.pkl": "undecided"})
        equal(report["verdict"], "refuse")
        equal({k: report["totals"][k] for k in ("artifacts", "admit", "hold", "refuse", "undecided")},
              {"artifacts": 4, "admit": 1, "hold": 1, "refuse": 1, "undecided": 1})
        gravest = by_name["upload.zip"]["findings"][0]
        equal(gravest["severity"], "critical")
        assert gravest["path"].endswith("upload.zip!/inner/evil.pkl"), gravest
        assert "system" in gravest["subject"] and "echo pratique-fixture" in gravest["detail"], gravest
        fired = {f["rule"] for a in report["artifacts"] for f in a["findings"]}
        equal(fired, {r["id"] for r in report["rules"]}, "the rules that fired, and no other")
        order = ["info", "low", "gap", "medium", "high", "critical"]
        for a in report["artifacts"]:
            grades = [order.index(f["severity"]) for f in a["findings"]]
            equal(grades, sorted(grades, reverse=True), "gravest first")


@test
def artifacts_come_in_order():
    with folder() as d:
        names = [f"{i:03}.pkl" for i in range(60)]
        for i, name in enumerate(names):
            (d / name).write_bytes(BENIGN + b"." * (i * 1000 % 7919))
        report, _ = scan_json("--workers", "4", str(d))
        equal([a["path"].split("/")[-1] for a in report["artifacts"]], names)


@test
def sha256_is_that_of_the_file():
    with folder() as d:
        sample(d)
        (d / "big.bin").write_bytes(bytes(range(256)) * 20000)
        report, _ = scan_json("--sha256", ".", cwd=d)
        for a in report["artifacts"]:
            content = (d / a["path"].split("/")[-1]).read_bytes()
            equal(a["sha256"], hashlib.sha256(content).hexdigest(), a["path"])
            equal(a["bytes"], len(content), a["path"])
        report, _ = scan_json(".", cwd=d)
        assert all(a["sha256"] is None for a in report["artifacts"])


@test
def text_puts_evidence_first():
    with folder() as d:
        sample(d)
        lines = run("scan", "upload.zip", cwd=d).stdout.decode().splitlines()
        assert lines[0].startswith("refuse") and "upload.zip" in lines[0] and "zip" in lines[0], lines
        assert "echo pratique-fixture" in lines[1], lines
        assert "in inner/evil.pkl" in lines[2], lines
        text = "\n".join(lines)
        assert "why: " in text and "do:  " in text, text
        assert lines[-1].startswith("1 artifact"), lines


@test
def text_keeps_to_the_width_of_the_screen():
    with folder() as d:
        sample(d)
        for width in (60, 80, 100):
            text = run("scan", "-v", ".", cwd=d, env={"COLUMNS": str(width)}).stdout.decode()
            for line in text.splitlines()[:-1]:  # the totals stand on one line
                head = line.split(" ")[0] in ("admit", "hold", "refuse", "undecided", "workers")
                assert len(line) <= width or head, (width, line)


@test
def text_is_one_screen_for_each_artifact():
    """However much there is to say: many calls, many members."""
    many = b"".join(b"cos\nsystem\n(S'echo %d'\ntR0" % i for i in range(3000)) + b"N."
    with folder(many_pkl=many) as d:
        with zipfile.ZipFile(d / "many.zip", "w") as z:
            for i in range(400):
                z.writestr(f"{i}.pkl", HOSTILE)
        for name in ("many.pkl", "many.zip"):
            done = run("scan", name, cwd=d, env={"COLUMNS": "100"})
            equal(done.returncode, STOPPED, name)
            assert len(done.stdout.splitlines()) <= 45, (name, len(done.stdout.splitlines()))
        assert len(run("scan", "-v", "many.zip", cwd=d).stdout.splitlines()) > 800


@test
def totals_add_up():
    with folder() as d:
        sample(d)
        last = run("scan", ".", cwd=d).stdout.decode().splitlines()[-1]
        for part in ("4 artifacts", "1 admitted", "1 held", "1 undecided", "1 refused"):
            assert part in last, last


@test
def a_workers_lock_down_is_told():
    with folder(good_pkl=BENIGN) as d:
        report, done = scan_json("good.pkl", cwd=d)
        equal(done.returncode, ADMIT)
        names = {layer["name"] for layer in report["layers"]}
        assert "seccomp" in names, names
        text = run("scan", "-v", "good.pkl", cwd=d).stdout.decode()
        for name in names:
            assert name in text, (name, text)


main()
