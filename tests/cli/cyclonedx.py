#!/usr/bin/env python3
"""The bill of materials: CycloneDX 1.6, by the parts of its schema that we use.

tests/models/cyclonedx_interop.py asks the schema itself, through the library of its authors.
"""
import json
import re
import sys
import zipfile

from _tap import BENIGN, HELD, HOSTILE, ROOT, equal, folder, main, run, test

sys.path.insert(0, str(ROOT / "tests/models"))
import folder as models  # noqa: E402

# bom-1.6.schema.json: required and allowed keys of each object; none of them takes others
BOM = ({"bomFormat", "specVersion"}, {"$schema", "bomFormat", "specVersion", "serialNumber", "version",
                                      "metadata", "components", "dependencies"})
METADATA = (set(), {"timestamp", "tools", "properties"})
COMPONENT = ({"type", "name"}, {"type", "bom-ref", "name", "version", "hashes", "licenses", "modelCard",
                                "evidence", "properties", "components"})
CARD = (set(), {"modelParameters", "properties"})
PARAMETERS = (set(), {"task", "architectureFamily", "modelArchitecture", "datasets"})
DATASET = ({"type"}, {"type", "name"})
TYPES = {"application", "file", "library", "machine-learning-model", "data"}
SPDX = re.compile(r"^[A-Za-z0-9.+-]+$")


def keys(value, kind):
    required, allowed = kind
    assert required <= set(value) <= allowed, set(value) ^ allowed


def properties(values):
    for p in values:
        equal(set(p), {"name", "value"})
        assert p["name"].startswith("pratique:") and isinstance(p["value"], str), p


def component(c, refs):
    keys(c, COMPONENT)
    assert c["type"] in TYPES and c["name"], c
    if "bom-ref" in c:
        assert c["bom-ref"] and c["bom-ref"] not in refs, "a reference is of one component"
        refs.add(c["bom-ref"])
    for h in c.get("hashes", []):
        equal(set(h), {"alg", "content"})
        assert h["alg"] == "SHA-256" and re.fullmatch("[0-9a-f]{64}", h["content"]), h
    for entry in c.get("licenses", []):
        (kind,) = entry["license"]
        assert kind in ("id", "name") and SPDX.match(entry["license"].get("id", "x")), entry
    if "modelCard" in c:
        equal(c["type"], "machine-learning-model")
        keys(c["modelCard"], CARD)
        keys(c["modelCard"]["modelParameters"], PARAMETERS)
        for d in c["modelCard"]["modelParameters"].get("datasets", []):
            keys(d, DATASET)
        properties(c["modelCard"]["properties"])
    for o in c["evidence"]["occurrences"]:
        assert o["location"], o
    properties(c["properties"])
    for inner in c.get("components", []):
        component(inner, refs)


def check(bom):
    keys(bom, BOM)
    equal((bom["bomFormat"], bom["specVersion"], bom["version"]), ("CycloneDX", "1.6", 1))
    equal(bom["$schema"], "http://cyclonedx.org/schema/bom-1.6.schema.json")
    assert re.fullmatch("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bom["serialNumber"])
    keys(bom["metadata"], METADATA)
    properties(bom["metadata"]["properties"])
    refs = set()
    for c in bom["components"]:
        component(c, refs)
    for d in bom["dependencies"]:
        assert {d["ref"], *d["dependsOn"]} <= refs, d
        equal(len(set(d["dependsOn"])), len(d["dependsOn"]))


def bill(*args, **kw):
    done = run("scan", "-f", "cyclonedx", *args, **kw)
    bom = json.loads(done.stdout.decode())
    check(bom)
    return bom, done


def write(d, files):
    for name, data in files.items():
        (d / name).parent.mkdir(parents=True, exist_ok=True)
        (d / name).write_bytes(data)


def props(c):
    return {p["name"].removeprefix("pratique:"): p["value"] for p in c["properties"]}


@test
def bill_of_a_model():
    card = (b"---\nlicense: mit\nbase_model: someone/base\npipeline_tag: fill-mask\n"
            b"datasets:\n- squad\n- \"glue\"\nlibrary_name: transformers\n---\n# M\n")
    with folder() as d:
        write(d, {"m/" + n: b for n, b in models.model(**{"README.md": card}).items()})
        bom, done = bill("m", cwd=d)
        equal(done.returncode, 0)
        (m,) = bom["components"]
        equal((m["type"], m["name"]), ("machine-learning-model", "m"))
        equal(m["licenses"], [{"license": {"id": "MIT"}}])
        parameters = m["modelCard"]["modelParameters"]
        equal(parameters["task"], "fill-mask")
        equal([x["name"] for x in parameters["datasets"]], ["squad", "glue"])
        said = {p["name"]: p["value"] for p in m["modelCard"]["properties"]}
        equal(said["pratique:says:base model"], "someone/base")
        roles = {c["name"]: props(c)["role"] for c in m["components"]}
        equal(roles, {"config.json": "configuration", "README.md": "documentation",
                      "tokenizer.json": "tokenizer", "model.safetensors": "weights, loaded"})
        assert all("hashes" in c for c in m["components"]), "every file has its hash"
        equal(len(bom["dependencies"][0]["dependsOn"]), 4)


@test
def bill_of_files():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD, empty_pkl=b"") as d:
        with zipfile.ZipFile(d / "a.zip", "w") as z:
            z.writestr("a.txt", "a")
        bom, done = bill(".", cwd=d)
        equal(done.returncode, 1)
        equal({c["name"]: props(c)["verdict"] for c in bom["components"]},
              {"good.pkl": "admit", "bad.pkl": "refuse", "held.pkl": "hold",
               "empty.pkl": "undecided", "a.zip": "admit"})
        equal(props(bom["metadata"]), {"verdict": "refuse"})
        equal(bom["dependencies"], [])


@test
def bill_is_the_same_each_time():
    with folder() as d:
        write(d, {"m/" + n: b for n, b in models.model().items()})
        first = run("scan", "-f", "cyclonedx", "m", cwd=d).stdout
        equal(run("scan", "-f", "cyclonedx", "--workers", "1", "m", cwd=d).stdout, first)
        assert b"timestamp" not in first
        (d / "m/config.json").write_bytes(b"{}\n")
        other = json.loads(run("scan", "-f", "cyclonedx", "m", cwd=d).stdout)
        assert other["serialNumber"] != json.loads(first)["serialNumber"]
        dated, _ = bill("m", cwd=d, env={"SOURCE_DATE_EPOCH": "86400"})
        equal(dated["metadata"]["timestamp"], "1970-01-02T00:00:00Z")


@test
def bill_of_nothing():
    with folder() as d:
        bom, done = bill("missing", cwd=d)
        equal(done.returncode, 3)
        equal(len(bom["components"]), 1)


@test
def bill_of_the_golden_files():
    bom, _ = bill(str(ROOT / "tests/golden"))
    assert len(bom["components"]) > 500


@test
def models_in_the_other_formats():
    with folder() as d:
        write(d, {"m/" + n: b for n, b in
                  models.model(**{"pytorch_model.bin": models.torch_zip(models.EVIL)}).items()})
        text = run("scan", "m", cwd=d).stdout.decode()
        for words in ("refuse      m/  model (transformers)", "MDL373", "loads     model.safetensors",
                      "leaves    pytorch_model.bin", "license apache-2.0"):
            assert words in text, (words, text)
        sarif = json.loads(run("scan", "-f", "sarif", "m", cwd=d).stdout)
        assert any(r["ruleId"] == "MDL373" for r in sarif["runs"][0]["results"])
        assert b"MDL373" in run("scan", "-f", "html", "m", cwd=d).stdout
        quiet = run("scan", "--quiet", "m", cwd=d)
        equal(quiet.returncode, 1)
        assert b"config.json\n" not in quiet.stdout and b"m/  model" in quiet.stdout
        (d / "m/pytorch_model.bin").unlink()
        done = run("scan", "--quiet", "m", cwd=d)
        equal((done.returncode, done.stdout), (0, b""))
        report = json.loads(run("scan", "-f", "json", "--sha256", "m", cwd=d).stdout)
        whole = report["artifacts"][-1]
        equal((whole["path"], whole["format"], whole["verdict"]), ("m/", "model (transformers)", "admit"))
        assert all(c["sha256"] and c["role"] for c in whole["components"]), whole["components"]
        equal(report["totals"]["bytes"], whole["bytes"], "bytes are counted once")


@test
def models_lie_where_they_lie():
    """Two models below one path, folders that are none, a model named by itself, and by a link."""
    with folder() as d:
        for name in ("a", "b/c"):
            write(d, {f"all/{name}/{n}": b for n, b in models.model().items()})
        write(d, {"all/src/x.py": b"x = 1\n", "all/data/a.pkl": BENIGN})

        def wholes(*paths):
            report = json.loads(run("scan", "-f", "json", *paths, cwd=d).stdout)
            return [a["path"] for a in report["artifacts"] if a["format"].startswith("model (")]

        equal(wholes("all"), ["all/a/", "all/b/c/"])
        equal(wholes("all/"), ["all/a/", "all/b/c/"])
        equal(wholes("all/a", "all/b"), ["all/a/", "all/b/c/"])
        equal(wholes("all/a/model.safetensors"), [])
        equal(wholes("all/src", "all/data"), [])
        cache = d / "hub/models--x/snapshots/1"
        write(d / "hub/models--x/blobs", {str(i): b for i, b in enumerate(models.model().values())})
        cache.mkdir(parents=True)
        for i, n in enumerate(models.model()):
            (cache / n).symlink_to(f"../../blobs/{i}")
        equal(wholes("hub"), ["hub/models--x/snapshots/1/"])


main()
