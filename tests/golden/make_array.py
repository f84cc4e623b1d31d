"""Makes the golden cases of MDL290 to MDL305 and the corpus of fuzz_array.

Run from anywhere: python3 make_array.py. The writers are those of tests/models/array.py; the same
bytes every time.
"""
import importlib.util
import pathlib
import struct

GOLDEN = pathlib.Path(__file__).resolve().parent
TESTS = GOLDEN.parent


def load():
    spec = importlib.util.spec_from_file_location("array_models", TESTS / "models" / "array.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


A = load()
CODE = A.ri(A.BCODE, 1) + A.ri(A.INT, 2, 12, 1) + A.ri(1, A.REAL) + A.rreal(1)


def altrep(name, package, state):
    return A.rds(A.ri(238) + A.rcons(A.rsym(name), A.rcons(A.rsym(package), A.rcons(
        A.ri(A.INT, 1, 14)))) + state + A.NIL)


CASES = {
    "MDL290/fire.msgpack": A.flax(kernel=A.nd([2], "object", bytes(16))),
    "MDL290/fire_numpy.msgpack": A.mp({"weights": {"nd": True, "type": "|O", "kind": "O",
                                                   "shape": [1], "data": b"x"}}),
    "MDL290/near.msgpack": A.flax(kernel=A.nd([4], "float32", bytes(16)), object="object"),
    "MDL291/fire.msgpack": A.flax(kernel=A.nd([1], "decimal7", bytes(8))),
    "MDL291/near.msgpack": A.flax(kernel=A.nd([8], "float8_e4m3fn", bytes(8))),
    "MDL292/fire.msgpack": A.flax(kernel=A.nd([3, 3], "float32", bytes(16))),
    "MDL292/near.msgpack": A.flax(kernel=A.nd([2, 2], "float32", bytes(16))),
    "MDL293/fire.msgpack": A.flax(kernel=A.Ext(42, b"abc")),
    "MDL293/near.msgpack": A.flax(kernel=A.Ext(-1, bytes(8))),
    "MDL294/fire.msgpack": A.mp(A.Pairs([("params", {"a": 1}), ("params", {"b": 2})])),
    "MDL294/near.msgpack": A.mp({"params": {"params": {"a": 1}}, "other": {"a": 1}}),
    "MDL295/fire.json": A.xgb_json(A.tree(left=(1, 0, -1))),
    "MDL295/fire.ubj": A.ub(A.xgb(A.tree(left=(77, -1, -1)))),
    "MDL295/fire_lgb.txt": A.lgb(left="1 -9"),
    "MDL295/fire.index": A.hnsw(neighbors=(1, 99, 0, -1, 0, 1)),
    "MDL295/fire_rows.bin": A.fasttext().replace(struct.pack("<qq", 5, 2), struct.pack("<qq", 4, 2)
                                                 ).replace(bytes(40) + b"\0", bytes(32) + b"\0", 1),
    "MDL295/fire.ann": A.annoy(1 << 20),
    "MDL295/near.json": A.xgb_json(A.tree()),
    "MDL295/near.ubj": A.ub(A.xgb(A.tree(), A.tree())),
    "MDL295/near_lgb.txt": A.lgb(),
    "MDL295/near.index": A.hnsw(),
    "MDL295/near.bin": A.fasttext(),
    "MDL295/near.ann": A.annoy(),
    "MDL296/fire.rds": A.rds(A.rprom(A.rcall("f"))),
    "MDL296/near.rds": A.rds(A.rprom(A.rcall("f"), A.rreal(1), None)),
    "MDL297/fire.rds": A.rds(A.rcall("system", A.rstr("id"))),
    "MDL297/near.rds": A.rds(A.rcall("lm", A.rsym("system"))),
    "MDL298/fire.RData": A.rdata(DOTFirst=A.rclosure(A.rcall("q"))),
    "MDL298/near.RData": A.rdata(First=A.rclosure(A.rcall("q"))),
    "MDL299/fire.rds": A.rds(A.rclosure(A.rreal(1))),
    "MDL299/near.rds": A.rds(A.rframe(a=A.rreal(1))),
    "MDL300/fire.rds": A.rds(CODE),
    "MDL300/near.rds": A.rds(A.rclosure(CODE)),
    "MDL301/fire.rds": altrep("mmap_real", "base", A.rstr("f")),
    "MDL301/near.rds": altrep("compact_intseq", "base", A.rreal(2, 1, 1)),
    "MDL302/fire.gguf": A.ELF,
    "MDL302/fire.pt": b"#!/bin/sh\necho hello\n",
    "MDL302/near.so": A.ELF,
    "MDL302/near.sh": b"#!/bin/sh\necho hello\n",
    "MDL303/fire.json": A.zarr3("bytes", "numcodecs.pickle"),
    "MDL303/near.json": A.zarr3("bytes", "numcodecs.zlib"),
    "MDL304/fire.json": A.zarr3("bytes", "shell-out"),
    "MDL304/near.json": A.zarr3("bytes", "zstd", "crc32c"),
    "MDL305/fire.pte": A.pte("aten::add", delegates=["EvilBackend"]),
    "MDL305/near.pte": A.pte("aten::add", delegates=["XnnpackBackend"]),
}


def main():
    for name, data in CASES.items():
        path = GOLDEN / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    corpus = TESTS / "fuzz" / "corpus" / "array"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in CASES.items():
        if not name.startswith("MDL302") and len(data) < 4096:
            kind = "y_" if "/near" in name else "i_"
            (corpus / (kind + name.replace("/", "_"))).write_bytes(data)
    for name, data in {"y_mxnet.params": A.mxnet(), "y_word2vec.bin": A.word2vec(),
                       "y_model.ptl": A.ptl("aten::add", sources=[("a.py", "x = 1")]),
                       "y_ivf.index": A.ivf(A.ondisk("a")), "y_v2.rds": A.rds(A.rreal(1), 2),
                       "y_core.cbm": (A.FIXTURES / "cat.cbm").read_bytes()[:4096]}.items():
        (corpus / name).write_bytes(data)


if __name__ == "__main__":
    main()
