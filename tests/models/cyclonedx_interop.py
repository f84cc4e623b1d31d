#!/usr/bin/env python3
"""The bill of materials against the schema of CycloneDX 1.6, strictly, as its own library has it;
and read back by that library."""
import json
import pathlib
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import ComponentType
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/cli"), str(ROOT / "tests/models")]
import folder as models  # noqa: E402
from _tap import BENIGN, HELD, HOSTILE, equal, folder, main, run, test  # noqa: E402


def bill(*args, **kw):
    text = run("scan", "-f", "cyclonedx", *args, **kw).stdout.decode()
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert error is None, str(error)[:2000]
    return text


def write(d, files):
    for name, data in files.items():
        (d / name).parent.mkdir(parents=True, exist_ok=True)
        (d / name).write_bytes(data)


@test
def bills_are_valid_by_the_schema():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE, held_pkl=HELD, empty_pkl=b"") as d:
        bill(".", cwd=d)
        bill("good.pkl", "good.pkl", "missing", cwd=d)
        bill(".", cwd=d, env={"SOURCE_DATE_EPOCH": "1700000000"})
    bill(str(ROOT / "tests/golden"))


@test
def bills_of_models_are_valid_by_the_schema():
    with folder() as d:
        for kind in (models.good, models.bad):
            for i, (name, files, _, _) in enumerate(kind()):
                if isinstance(files, dict):
                    write(d / kind.__name__ / str(i), files)
        bill(".", cwd=d)


@test
def a_bill_is_read_back():
    card = (b"---\nlicense:\n- mit\n- someone's own\ndatasets: [squad, 'glue']\nbase_model: a/b\n"
            b"pipeline_tag: text-generation\n---\n")
    with folder() as d:
        write(d / "m", models.model(**{"README.md": card}))
        bom = Bom.from_json(json.loads(bill("m", cwd=d)))
    (m,) = bom.components
    equal((m.type, m.name, len(m.components)), (ComponentType.MACHINE_LEARNING_MODEL, "m", 4))
    equal({str(c.hashes[0].alg.value) for c in m.components}, {"SHA-256"})
    equal(len(list(m.licenses)), 2)


main()
