#!/usr/bin/env python3
"""Writes tests/golden/MDL160 to MDL177 (and the LevelDB table of MDL066): a file that fires each rule, and one that only looks so.

The writers are those of tests/models/tensorflow.py.
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "models"))
import tensorflow as t  # noqa: E402


def put(rule, name, data):
    path = HERE / rule / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def graph(rule, op, near, attrs=None, near_attrs=None):
    put(rule, "fire.pb", t.graph(*t.PLAIN, t.node("n", op, ["x"], attrs)))
    put(rule, "near.pb", t.graph(*t.PLAIN, t.node(op, near, ["x"], near_attrs)))


def main():
    graph("MDL160", "WriteFile", "PrintV2", None, {"output_stream": t.text_value("stdout")})
    graph("MDL161", "ReadFile", "ImmutableConst", None, {"memory_region_name": t.text_value("")})
    graph("MDL162", "TextLineDataset", "RangeDataset")
    graph("MDL163", "PyFunc", "PartitionedCall")
    graph("MDL164", "RpcCall", "Identity")
    graph("MDL165", "SomebodysOp", "TFText>WhitespaceTokenizeWithOffsets")
    graph("MDL166", "SentencepieceOp", "StringSplitV2")
    graph("MDL167", "XlaCustomCall", "XlaLaunch")
    graph("MDL168", "Abort", "Assert")
    graph("MDL169", "CollectiveReduceV2", "Sum")
    graph("MDL176", "SummaryWriter", "ScalarSummary")
    put("MDL170", "fire.tflite", t.flex("StringUpper", t.node("u", "StringUpper")))
    put("MDL170", "near.tflite", t.lite())
    put("MDL171", "fire.tflite", t.lite(operators=[t.operator(inputs=(7,))]))
    put("MDL171", "near.tflite", t.lite(operators=[t.operator(inputs=(1, -1))]))
    put("MDL172", "fire.index", t.table([t.header(), t.tensor_entry(b"a", 1, [4], 0, 16),
                                         t.tensor_entry(b"b", 1, [4], 8, 16)]))
    put("MDL172", "near.index", t.table([t.header(), t.tensor_entry(b"a", 1, [4], 0, 16),
                                         t.tensor_entry(b"b", 1, [4], 16, 16)]))
    for name, path in (("fire.pb", "/home/me/bert/model.ckpt"), ("near.pb", "model.ckpt")):
        put("MDL173", name, t.graph(*t.PLAIN, *t.SAVER, t.const("p", path), t.node(
            "r", "RestoreV2", ["p", "names", "slices"])))
    for name, op in (("fire.pb", "DecodeBase64"), ("near.pb", "Identity")):
        put("MDL177", name, t.graph(*t.PLAIN, *t.SAVER, t.const("p", "bW9kZWw"), t.node(
            "d", op, ["p"]), t.node("s", "SaveV2", ["d", "names", "slices", "read"])))
    put("MDL174", "fire", b'model_checkpoint_path: "/home/me/ckpt-3"\n')
    put("MDL174", "near", b'model_checkpoint_path: "ckpt-3"\n')
    put("MDL066", "fire_leveldb.bin", t.table([(b"key", b"value")]))
    put("MDL175", "fire.tflite", t.lite([t.builtin(4000)]))
    put("MDL175", "near.tflite", t.lite([t.builtin(209)]))


if __name__ == "__main__":
    main()
