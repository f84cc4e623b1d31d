"""Makes the golden cases of MDL001 to MDL008, and the corpora of fuzz_npy, fuzz_torch, fuzz_skops.

Run from anywhere: python3 make_torch.py. Standard library only; the same bytes every time.
"""

import io
import json
import os
import pathlib
import struct
import zipfile

GOLDEN = pathlib.Path(__file__).resolve().parent
CORPUS = GOLDEN.parent / "fuzz" / "corpus"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def golden(name, data):
    write(GOLDEN / name, data)


def corpus(name, data):
    write(CORPUS / name, data)


def archive(members, method=zipfile.ZIP_STORED):
    f = io.BytesIO()
    with zipfile.ZipFile(f, "w", method) as z:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            info.external_attr = 0o644 << 16
            z.writestr(info, data)
    return f.getvalue()


# ---- pickles, put together by hand ----


def text(s):
    return b"X" + struct.pack("<I", len(s)) + s.encode()


def storage(kind, key, numel):
    return (b"(" + text("storage") + b"ctorch\n" + kind.encode() + b"\n" + text(key) + text("cpu")
            + b"K" + bytes([numel]))


def tensor(kind, key, numel, legacy=False):
    """torch._utils._rebuild_tensor_v2(storage, 0, (numel,), (1,), False, OrderedDict())"""
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(kind, key, numel)
            + (b"N" if legacy else b"") + b"tQK\0K" + bytes([numel]) + b"\x85K\1\x85\x89"
            + b"ccollections\nOrderedDict\n)RtR")


def proto(body, protocol=2):
    return b"\x80" + bytes([protocol]) + body + b"."


MAGIC = proto(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19")
FRONT = (MAGIC + proto(b"M\xe9\x03")
         + proto(b"}(" + text("protocol_version") + b"M\xe9\x03" + text("little_endian") + b"\x88u"))


def keys(*names):
    return proto(b"](" + b"".join(text(n) for n in names) + b"e")


def raw(numel, data):
    return struct.pack("<q", numel) + data


def legacy(objects, names, storages):
    return FRONT + proto(objects) + keys(*names) + storages


FLOATS = struct.pack("<2f", 1, 2)
WHOLE = legacy(tensor("FloatStorage", "a", 2, True), ["a"], raw(2, FLOATS))

# ---- torch zips ----


def torch_zip(objects, data=None, more=None, root="m"):
    members = {f"{root}/data.pkl": proto(objects), f"{root}/byteorder": b"little"}
    for key, body in (data or {}).items():
        members[f"{root}/data/{key}"] = body
    members[f"{root}/version"] = b"3\n"
    members.update({f"{root}/{k}": v for k, v in (more or {}).items()})
    return archive(members)


def script(source):
    head = "class M(Module):\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n"
    return torch_zip(b"c__torch__\nM\n)\x81}b", {}, {
        "code/__torch__.py": (head + "    " + source + "\n").encode(),
        "constants.pkl": proto(b")"),
    })


# ---- arrays ----


def npy(descr, shape, body, version=1, size=None, tail=b"\n"):
    head = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    before = 10 if version == 1 else 12
    room = size if size else -(-(before + len(head) + 1) // 64) * 64 - before
    head += b" " * (room - len(head) - len(tail)) + tail
    count = struct.pack("<H" if version == 1 else "<I", len(head))
    return b"\x93NUMPY" + bytes([version, 0]) + count + head + body


def schema(loader, **more):
    return json.dumps({"__class__": "str", "__module__": "builtins", "__loader__": loader,
                       "content": "\"text\"", "protocol": 2, "_skops_version": "0.13", **more}
                      ).encode()


def make_golden():
    graph = json.dumps({"graph_module": {"graph": {"nodes": [{"target": "torch.ops.aten.relu"}]}}})
    golden("MDL001/fire.pt2", archive({"e/models/model.json": graph, "e/archive_format": "pt2",
                                       "e/archive_version": "1"}))
    golden("MDL001/fire_old.pt2", archive({"serialized_exported_program.json": graph,
                                           "version": "6.1"}))
    golden("MDL001/fire_package.pt", archive({
        "p/.data/extern_modules": b"collections\n", "p/.data/version": b"6\n",
        "p/mine.txt": b"text\n", "p/model/model.pkl": proto(b"}")}))
    golden("MDL001/fire_both.pt", torch_zip(b"}", {}, {".data/extern_modules": b"collections\n"}))
    golden("MDL001/fire.keras", archive({"metadata.json": "{\"keras_version\": \"3.9.0\"}",
                                         "config.json": "{\"name\": \"sequential\"}"}))
    golden("MDL001/near.pt", torch_zip(tensor("FloatStorage", "0", 2), {"0": FLOATS}))
    golden("MDL001/near.npz", archive({"a.npy": npy("'<f4'", "(2,)", FLOATS)}))
    golden("MDL001/near_config.zip", archive({"config.json": "{\"name\": \"plain\"}"}))

    golden("MDL002/fire.npy", npy("'|O'", "(2,)", proto(b"](K\1Ne", 4)))
    golden("MDL002/fire_inside.npy", npy("[('a', '<f4'), ('b', [('c', '|O', (2,))])]", "(1,)",
                                         proto(b"](K\1Ne", 4)))
    golden("MDL002/near.npy", npy("[('O', '<f4'), ('object', '<f4')]", "(1,)", FLOATS))

    golden("MDL003/fire.npy", npy("'<f4'", "(2,)", FLOATS, 1, 10001))
    golden("MDL003/near.npy", npy("'<f4'", "(2,)", FLOATS, 1, 10000))

    golden("MDL004/fire_other_key.pt",
           legacy(tensor("FloatStorage", "a", 2, True), ["b"], raw(2, FLOATS)))
    golden("MDL004/fire_no_key.pt", legacy(tensor("FloatStorage", "a", 2, True), [], b""))
    golden("MDL004/fire_twice.pt", legacy(tensor("FloatStorage", "a", 2, True), ["a", "a"],
                                          raw(2, FLOATS) * 2))
    golden("MDL004/fire_popped.pt", FRONT + proto(tensor("FloatStorage", "a", 2, True))
           + proto(b"](" + text("a") + b"0" + text("a") + b"e") + raw(2, FLOATS))
    golden("MDL004/near.pt", WHOLE)
    golden("MDL004/near_shared.pt",
           legacy(tensor("FloatStorage", "a", 2, True) + tensor("FloatStorage", "a", 2, True)
                  + b"\x86", ["a"], raw(2, FLOATS)))

    golden("MDL005/fire.pt", legacy(tensor("FloatStorage", "a", 2, True), ["a"], raw(1, FLOATS)))
    golden("MDL005/fire_negative.pt",
           legacy(tensor("FloatStorage", "a", 2, True), ["a"], raw(-1, FLOATS)))
    golden("MDL005/near.pt", WHOLE)

    golden("MDL006/fire_save.pt", script('torch.save(x, "pratique-fixture")'))
    golden("MDL006/fire_read.pt", script('return torch.from_file("pratique-fixture", False, 1)'))
    golden("MDL006/fire_spread.pt", script('ops.aten . \\\n      save(x, "pratique-fixture")'))
    golden("MDL006/fire_mobile.ptl", torch_zip(b"}", {}, {
        "bytecode.pkl": proto(b"(" + text("aten::from_file") + text("") + b"t")}))
    golden("MDL006/near.pt", script('raise "torch.save(x) # torch.from_file"'))
    golden("MDL006/near_other.pt", script("return torch.relu(self.saved)"))

    golden("MDL007/fire.pt", script("return ops.mine.run(x)"))
    golden("MDL007/fire_alias.pt", script("a = torch\n    return a.relu(x)"))
    golden("MDL007/fire_class.pt", script("y = __torch__.torch.classes.mine.Thing(x)"))
    golden("MDL007/fire_method.pt", script('(x).save("pratique-fixture")'))
    golden("MDL007/near.pt", script("return ops.torchvision.nms(x, ops.prim.data(x), 0.5)"))

    golden("MDL008/fire.json", schema("EvalNode"))
    golden("MDL008/fire.skops", archive({"schema.json": schema("EvalNode")},
                                        zipfile.ZIP_DEFLATED))
    golden("MDL008/near.json", schema("JsonNode"))
    golden("MDL008/near.skops", archive({"schema.json": schema("JsonNode")}, zipfile.ZIP_DEFLATED))


def make_npy_corpus():
    corpus("npy/y_plain.npy", npy("'<f4'", "(2,)", FLOATS))
    corpus("npy/y_version2.npy", npy("'<f4'", "(2,)", FLOATS, 2))
    corpus("npy/y_version3.npy", npy("[('größe', '<f4')]", "(2,)", FLOATS, 3))
    corpus("npy/y_objects.npy", npy("'|O'", "(2,)", proto(b"](K\1Ne", 4)))
    corpus("npy/y_structured.npy",
           npy("[('a', '<f4', (2,)), ('b', [(('t', 'c'), '|S3')])]", "(1,)", FLOATS + b"abc"))
    corpus("npy/y_two.npy", npy("'<f4'", "(2,)", FLOATS) + npy("'<U1'", "()", b"a\0\0\0"))
    corpus("npy/y_header_alone.txt", b"{'descr': [('a', '<M8[ns]', (2L,))], 'fortran_order': True, "
           b"'shape': (0, 9223372036854775807L)}")
    corpus("npy/n_short.npy", npy("'<f4'", "(3,)", FLOATS))
    corpus("npy/n_version.npy", npy("'<f4'", "(2,)", FLOATS, 4))
    corpus("npy/n_call.npy", npy("print('pratique-fixture')", "(2,)", FLOATS))
    corpus("npy/n_overflow.npy", npy("'<f8'", "(4294967296, 4294967296)", FLOATS))
    corpus("npy/n_deep.npy", npy("[('a', " * 40 + "'<f4'" + ")]" * 40, "(1,)", FLOATS))
    corpus("npy/n_magic.npy", b"\x93NUMPY")
    corpus("npy/i_trailing.npy", npy("'<f4'", "(2,)", FLOATS) + b"more")
    corpus("npy/i_objects_cut.npy", npy("'|O'", "(2,)", b"\x80\x04]("))


def make_torch_corpus():
    front = len(MAGIC)
    corpus("torch/y_legacy.bin", b"l" + WHOLE[front:])
    corpus("torch/y_legacy_shared.bin", b"l" + legacy(
        tensor("ByteStorage", "a", 2, True) + tensor("HalfStorage", "b", 2, True) + b"\x86",
        ["a", "b"], raw(2, b"ab") + raw(2, b"abcd"))[front:])
    corpus("torch/i_legacy_size.bin", b"l" + legacy(
        tensor("FloatStorage", "a", 2, True), ["a"], raw(2**62, FLOATS))[front:])
    corpus("torch/i_legacy_keys.bin", b"l" + legacy(
        tensor("FloatStorage", "a", 2, True), ["a", "a"], raw(2, FLOATS))[front:])
    corpus("torch/n_legacy_cut.bin", b"l" + WHOLE[front:front + 60])
    row = proto(b"K\x0b" + text("cpu") + b"ctorch\nByteStorage\n\x87")
    corpus("torch/y_storages.bin", b"s" + proto(b"K\2") + (row + raw(2, b"ab")) * 2 + proto(b"]"))
    corpus("torch/i_storages_size.bin", b"s" + proto(b"K\2") + row + raw(2**40, b"ab"))
    shape = struct.pack("<iiqqq", 1, 0, 2, 1, 0)
    corpus("torch/y_tensors.bin", b"t" + proto(b"K\1") + row + shape)
    corpus("torch/i_tensors_many.bin", b"t" + proto(b"J\xff\xff\xff\x7f") + row + shape)
    corpus("torch/y_script.bin", b"cclass M(Module):\n  x : Tensor\n  def f(self):\n"
           b"    return torch.add(ops.prim.data(self.x), 1.5e-3, 'a\\'b', '''c\n''')\n")
    corpus("torch/i_script.bin", b"ctorch . save(ops.a.b, torch) # type: ops\n(x).save('\\\\')")
    corpus("torch/n_script.bin", b"cx = 'no end")
    corpus("torch/y_bytecode.bin", b"b" + proto(b"(" + text("aten::save") + text("a::b.c") + b"t"))
    corpus("torch/y_keys.bin", b"k" + keys("a", "b"))
    corpus("torch/n_keys.bin", b"k" + proto(b"](" + text("a") + b"h\1e"))


def make_skops_corpus():
    key = {"__class__": "str", "__module__": "builtins", "__loader__": "TypeNode"}
    types = {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode",
             "content": [key]}
    state = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode",
             "key_types": types, "content": {"x": json.loads(schema("JsonNode"))}}
    corpus("skops/y_text.json", schema("JsonNode"))
    corpus("skops/y_object.json", schema("ObjectNode", content=state))
    corpus("skops/y_partial.json", schema("PartialNode", content={"func": key, "args": types}))
    corpus("skops/y_generator.json", schema("RandomGeneratorNode", content={
        "bit_generator": {"content": {"bit_generator": {"content": "\"PCG64\""}}}}))
    corpus("skops/y_escaped.json", schema("TypeNode").replace(b"__loader__", b"__\\u006coader__"))
    corpus("skops/n_twice.json", b'{"__loader__": "TypeNode", "__loader__": "JsonNode"}')
    corpus("skops/n_utf16.json", b"\xff\xfe" + schema("TypeNode").decode().encode("utf-16-le"))
    corpus("skops/n_cut.json", schema("TypeNode")[:40])
    corpus("skops/n_deep.json", b'{"__loader__":' + b'{"":' * 2100 + b"1" + b"}" * 2101)
    corpus("skops/i_unknown.json", schema("EvalNode"))
    corpus("skops/i_no_text.json", b'{"__loader__": [], "__class__": 1, "content": {"content": 2}}')


if __name__ == "__main__":
    os.umask(0o022)
    make_golden()
    make_npy_corpus()
    make_torch_corpus()
    make_skops_corpus()
