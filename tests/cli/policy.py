#!/usr/bin/env python3
"""Policies: which are in force, the policy file, its modes and what it allows."""

import io
import json
import re
import zipfile

from _tap import (ADMIT, BENIGN, ROOT, STOPPED, UNDECIDED, USAGE, equal, folder, main, run,
                  scan_json, test)

CALL = b"import os\n\n\ndef go(x):\n    os.system('code_aster')\n"
PLAIN = b"x = 1\n"

ENTRY = """
- package: "sim-*.zip"
  rule: UPL001
  file: "solver/run.py"
  function: go
  call: "os.system('code_aster')"
  reason: it is the solver
  owner: me
  expires: 2026-12-31
"""


def archive(**members):
    """A zip: dir__name_py="text" stands for dir/name.py."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in members.items():
            z.writestr(name.replace("__", "/").replace("_py", ".py"), text)
    return out.getvalue()


def at(day):
    """The environment in which it is that day, of November 2026."""
    return {"SOURCE_DATE_EPOCH": str(1793491200 + (day - 1) * 86400)}


def rules_of(artifact):
    return sorted(f["rule"] for f in artifact["findings"])


@test
def the_policy_is_chosen_by_what_it_is():
    with folder(model_pkl=BENIGN, a_py=PLAIN, a_txt=b"prose\n", a_zip=archive(a_py="x = 1\n")) as d:
        report, done = scan_json("model.pkl", "a.py", "a.txt", "a.zip", cwd=d)
        equal([a["policy"] for a in report["artifacts"]], ["model", "upload", "upload", "upload"])
        equal(done.returncode, ADMIT)


@test
def policies_are_named_on_the_command_line():
    with folder(a_py=CALL) as d:
        for args, want, status in [
                (["--policy", "upload"], "upload", STOPPED),
                (["--policy=source"], "source", ADMIT),
                (["--policy", "source,upload"], "upload,source", STOPPED),
                (["--policy", "source", "--policy", "upload"], "upload,source", STOPPED),
                (["--policy", "model"], "model", UNDECIDED)]:
            report, done = scan_json(*args, "a.py", cwd=d)
            equal((report["artifacts"][0]["policy"], done.returncode), (want, status), args)


@test
def a_policy_that_is_not_known_is_wrong_use():
    with folder(a_py=PLAIN) as d:
        for name in ("uplaod", "upload,", ",upload", "UPLOAD", "upload source"):
            done = run("scan", "--policy", name, "a.py", cwd=d)
            equal((done.returncode, done.stdout), (USAGE, b""), name)
            assert b"there are: model, upload, source" in done.stderr, done.stderr


@test
def python_under_model_alone_is_undecided():
    with folder(a_py=PLAIN) as d:
        report, done = scan_json("--policy", "model", "a.py", cwd=d)
        equal(rules_of(report["artifacts"][0]), ["PYS003"])
        equal(done.returncode, UNDECIDED)


@test
def every_report_names_the_policies():
    with folder(a_py=CALL) as d:
        text = run("scan", "--policy", "upload,source", "a.py", cwd=d).stdout.decode()
        assert "policy upload,source" in text.splitlines()[0], text
        sarif = json.loads(run("scan", "-f", "sarif", "--policy", "upload,source", "a.py",
                               cwd=d).stdout)["runs"][0]
        equal(sarif["properties"]["policies"], ["upload", "source"])
        equal(sarif["artifacts"][0]["properties"]["policy"], "upload,source")


@test
def a_finding_tells_what_and_where():
    with folder(a_zip=archive(lib__a_py=CALL)) as d:
        report, _ = scan_json("a.zip", cwd=d)
        (f,) = report["artifacts"][0]["findings"]
        equal((f["rule"], f["path"], f["line"], f["column"], f["function"], f["subject"]),
              ("UPL001", "a.zip!/lib/a.py", 5, 5, "go", "os.system"))
        assert "os.system('code_aster')" in f["detail"] and f["excuse"] is None, f
        text = run("scan", "a.zip", cwd=d).stdout.decode()
        assert "in lib/a.py, line 5, column 5, in go()" in text, text
        result = json.loads(run("scan", "-f", "sarif", "a.zip", cwd=d).stdout)["runs"][0]["results"]
        equal(result[0]["locations"][0]["logicalLocations"],
              [{"fullyQualifiedName": "a.zip!/lib/a.py", "kind": "resource"},
               {"fullyQualifiedName": "go", "kind": "function"}])


@test
def rules_name_their_policy():
    by_id = {r["id"]: r["policy"] for r in json.loads(run("rules", "-f", "json").stdout)}
    equal((by_id["UPL001"], by_id["SRC001"], by_id["PKL001"], by_id["PYS003"]),
          ("upload", "source", "", ""))
    assert "policy    upload" in run("explain", "UPL001").stdout.decode()


def scan_with(d, policy, *args, env=None, name="sim-1.zip"):
    (d / "p.yml").write_text(policy)
    return scan_json("--policy-file", "p.yml", *args, name, cwd=d, env=env or at(24))


@test
def modes_set_how_much_a_rule_counts():
    policy = ("version: 1\ndefault_mode: A\nmodes:\n  A: {}\n  B: {rules: {UPL001: off}}\n"
              "  C: {rules: {upload-process: hold}}\n  D: {policies: [source]}\n"
              "  E: {policies: [model]}\n")
    with folder() as d:
        (d / "sim-1.zip").write_bytes(archive(a_py=CALL))
        for args, status, name in [([], STOPPED, "upload"), (["--mode", "B"], ADMIT, "upload"),
                                   (["--mode", "C"], STOPPED, "upload"),
                                   (["--mode", "D"], ADMIT, "source"),
                                   (["--mode", "E"], UNDECIDED, "model"),
                                   (["--mode", "D", "--policy", "upload"], STOPPED, "upload")]:
            report, done = scan_with(d, policy, *args)
            equal((done.returncode, report["artifacts"][0]["policy"]), (status, name), args)
        report, _ = scan_with(d, policy, "--mode", "C")
        equal(report["verdict"], "hold")


@test
def a_mode_that_is_not_there_is_wrong_use():
    with folder(a_py=PLAIN, p_yml=b"version: 1\nmodes: {A: {}}\n") as d:
        for args, word in [(["--policy-file", "p.yml", "--mode", "B"], "no mode 'B'; there are: A"),
                           (["--policy-file", "p.yml"], "no default_mode"),
                           (["--mode", "A"], "none is given"),
                           (["--policy-file", "gone.yml"], "gone.yml"),
                           (["--policy-file", "."], "no regular file")]:
            done = run("scan", *args, "a.py", cwd=d)
            equal((done.returncode, done.stdout), (USAGE, b""), args)
            assert word in done.stderr.decode(), done.stderr


@test
def a_policy_file_that_is_wrong_scans_nothing():
    with folder(a_py=PLAIN) as d:
        for text, word in [("version: 1\nmodes:\n  A:\n    rule: {}\n", "p.yml:4:5: unknown key"),
                           ("version: 1\nallow:\n  - rule: UPL001\n    rule: UPL001\n",
                            "p.yml:4:5: 'rule' is there already"),
                           ("version: 1\nallow: [", "p.yml:"), ("version: one\n", "p.yml:1:10:"),
                           ("", "p.yml:1:1:"), ("version: 1\n" + "#" * (1 << 20), "more than 1 MiB")]:
            (d / "p.yml").write_text(text)
            done = run("scan", "--policy-file", "p.yml", "a.py", cwd=d)
            equal((done.returncode, done.stdout), (USAGE, b""), text[:40])
            assert word in done.stderr.decode(), (word, done.stderr)


@test
def one_call_is_allowed_at_one_place():
    rows = [
        (CALL, "sim-1.zip", ADMIT),
        (CALL.replace(b"'", b'"').replace(b"(", b"( "), "sim-1.zip", ADMIT),
        (CALL.replace(b"code_aster", b"code_aster; id"), "sim-1.zip", STOPPED),
        (CALL.replace(b"go", b"run"), "sim-1.zip", STOPPED),
        (CALL + b"    os.system('id')\n", "sim-1.zip", STOPPED),
        (CALL, "other.zip", STOPPED),
    ]
    with folder() as d:
        for code, name, status in rows:
            (d / name).write_bytes(archive(solver__run_py=code))
            report, done = scan_with(d, "version: 1\nallow:" + ENTRY, name=name)
            equal(done.returncode, status, code)
            if status == ADMIT:
                (f,) = report["artifacts"][0]["findings"]
                equal((f["severity"], f["excuse"]),
                      ("info", "allowed by p.yml:3, until 2026-12-31 (me): it is the solver"))
        (d / "sim-1.zip").write_bytes(archive(solver__walk_py=CALL))
        equal(scan_with(d, "version: 1\nallow:" + ENTRY)[1].returncode, STOPPED, "another file")


@test
def a_file_in_a_folder_is_named_from_there():
    with folder() as d:
        (d / "sim-2.zip" / "solver").mkdir(parents=True)
        (d / "sim-2.zip" / "solver" / "run.py").write_bytes(CALL)
        report, done = scan_with(d, "version: 1\nallow:" + ENTRY, name="sim-2.zip")
        equal((done.returncode, len(report["artifacts"])), (ADMIT, 1), "sim-2.zip is a folder")


@test
def an_entry_that_has_expired_allows_nothing():
    with folder() as d:
        (d / "sim-1.zip").write_bytes(archive(solver__run_py=CALL))
        policy = "version: 1\nallow:" + ENTRY.replace("2026-12-31", "2026-11-24")
        equal(scan_with(d, policy, env=at(24))[1].returncode, ADMIT, "its last day")
        report, done = scan_with(d, policy, env=at(25))
        equal((done.returncode, rules_of(report["artifacts"][0])), (STOPPED, ["POL001", "UPL001"]))


@test
def an_entry_that_was_of_no_use_is_told():
    with folder() as d:
        (d / "sim-1.zip").write_bytes(archive(solver__run_py=PLAIN))
        report, done = scan_with(d, "version: 1\nallow:" + ENTRY)
        (_, last) = report["artifacts"]
        equal((last["path"], last["format"], last["verdict"], last["policy"], done.returncode),
              ("p.yml", "policy file", "admit", "", ADMIT))
        (f,) = last["findings"]
        equal((f["rule"], f["path"], f["line"]), ("POL002", "p.yml", 3))
        (d / "other.zip").write_bytes(archive(solver__run_py=PLAIN))
        report, _ = scan_with(d, "version: 1\nallow:" + ENTRY, name="other.zip")
        equal(len(report["artifacts"]), 1, "it is about another package")
        report, done = scan_with(d, "version: 1\nmodes: {A: {rules: {POL002: refuse}}}\n"
                                 "allow:" + ENTRY, "--mode", "A")
        equal(done.returncode, STOPPED, "a mode may insist")


@test
def the_example_in_the_document_is_right():
    text = (ROOT / "docs/policy.md").read_text()
    with folder(a_py=PLAIN) as d:
        (d / "p.yml").write_text(re.search(r"```yaml\n(.*?)```", text, re.S).group(1))
        for mode in "ABC":
            done = run("scan", "--policy-file", "p.yml", "--mode", mode, "a.py", cwd=d)
            equal((done.returncode, done.stderr), (ADMIT, b""), mode)


@test
def the_corpora_are_taken_or_not():
    """tests/fuzz/corpus: y_* is right, n_* is wrong use."""
    with folder(a_py=PLAIN) as d:
        for path in sorted((ROOT / "tests/fuzz/corpus/policy").iterdir()):
            if path.name[0] != "i":
                done = run("scan", "--policy-file", str(path), "a.py", cwd=d)
                equal(done.returncode, ADMIT if path.name[0] == "y" else USAGE, path.name)
        for path in sorted((ROOT / "tests/fuzz/corpus/threats").iterdir()):
            if path.name[0] != "i":
                done = run("scan", "--threats", str(path), "a.py", cwd=d)
                equal(done.returncode, ADMIT if path.name[0] == "y" else USAGE, path.name)


main()
