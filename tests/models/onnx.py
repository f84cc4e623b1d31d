"""ONNX and its kin: Core ML, Paddle, Caffe, CNTK, OpenVINO, MXNet symbols. Written by hand."""
import json
import pathlib
import struct
import zlib

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "onnx"


# ---- protobuf ----

def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number, value):
    """One field: an int is a varint, a float 32 bits, a str or bytes a length and a body."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    body = value.encode() if isinstance(value, str) else bytes(value)
    return varint(number << 3 | 2) + varint(len(body)) + body


def message(*pairs):
    return b"".join(field(n, v) for n, v in pairs)


# ---- ONNX ----

def entry(key, value):
    return message((1, key), (2, value))


def attribute(name, **value):
    places = {"i": (3, 2), "s": (4, 3), "t": (5, 4), "g": (6, 5), "strings": (9, 8), "tensors": (10, 9),
              "graphs": (11, 10), "sparse": (22, 11)}
    out = field(1, name)
    for key, what in value.items():
        number, kind = places[key]
        for one in what if isinstance(what, (list, tuple)) else [what]:
            out += field(number, one)
        out += field(20, kind)
    return out


def node(op, inputs=("x",), outputs=("y",), domain="", *attributes):
    return message(*[(1, i) for i in inputs], *[(2, o) for o in outputs], (4, op), *[(5, a) for a in attributes],
                   *([(7, domain)] if domain else []))


def tensor(name="w", dims=(2,), kind=1, raw=None, **more):
    out = b"".join(field(1, d) for d in dims) + field(2, kind) + field(8, name)
    if raw is not None:
        out += field(9, raw)
    for entry_ in more.get("external", ()):
        out += field(13, entry(*entry_))
    if "location" in more:
        out += field(14, more["location"])
    return out + more.get("rest", b"")


def external(**keys):
    return tensor(external=list(keys.items()), location=1)


def value(name):
    return message((1, name), (2, message((1, message((1, 1), (2, message((1, message((1, 2))))))))))


def graph(*nodes, tensors=(), rest=b""):
    return (b"".join(field(1, n) for n in nodes) + field(2, "g") + b"".join(field(5, t) for t in tensors) +
            field(11, value("x")) + field(12, value("y")) + rest)


def model(g, *domains, version=8, rest=b"", opset=17):
    out = field(1, version) + field(2, "writer") + field(7, g) + field(8, message((1, ""), (2, opset)))
    for d in domains:
        out += field(8, message((1, d), (2, 1)))
    return out + rest


def function(domain, name, *nodes):
    return message((1, name), (4, "x"), (5, "y"), *[(7, n) for n in nodes], (9, message((1, ""), (2, 17))), (10, domain))


RELU = node("Relu")
FLOATS = struct.pack("<2f", 1, 2)
PICKLE = b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."
PICKLE0 = b"cos\nsystem\n(S'id; uname -a'\ntR."
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 0, 64, 0, 0) + bytes(64)


def beside(path, **more):
    return model(graph(RELU, tensors=[external(location=path, **more)]))


def in_branch(g):
    return model(graph(node("If", ("c",), ("y",), "", attribute("then_branch", g=g), attribute("else_branch", g=graph(RELU)))))


def deep(n):
    g = graph(RELU)
    for _ in range(n):
        g = graph(node("If", ("c",), ("y",), "", attribute("then_branch", g=g)))
    return model(g)


def bad_onnx():
    leaves = ["MDL104"]
    for name, path in (("absolute", "/etc/passwd"), ("dotdot", "../../etc/passwd"), ("inner-dotdot", "a/../../b"),
                       ("drive", "C:\\Windows\\win.ini"), ("share", "\\\\host\\share\\x"), ("url", "https://example.com/w"),
                       ("home", "~/.ssh/id_rsa"), ("device", "/dev/zero"), ("file-url", "file:///etc/passwd")):
        yield ("external-%s.onnx" % name, beside(path), leaves, "external data at " + path)
    yield ("external-nul.onnx", beside("w.bin\0/../../x"), ["MDL104", "MDL105"], "a NUL in the path")
    yield ("external-backslash.onnx", beside("a\\w.bin"), ["MDL105", "MDL104"], "a backslash")
    yield ("external-control.onnx", beside("w\n.bin"), ["MDL105"], "a control character")
    yield ("external-twice.onnx", model(graph(RELU, tensors=[tensor(external=[("location", "w"), ("location", "/etc/shadow")],
           location=1)])), leaves, "the second location is taken by some")
    yield ("external-first.onnx", model(graph(RELU, tensors=[tensor(external=[("location", "/etc/shadow"), ("location", "w")],
           location=1)])), leaves, "the first location is taken by others")
    yield ("external-in-attribute.onnx", model(graph(node("Constant", (), ("y",), "", attribute("value", t=external(location="../x"))))),
           leaves, "a tensor of an attribute")
    yield ("external-in-tensors.onnx", model(graph(node("Foo", (), ("y",), "", attribute("values", tensors=[external(location="../x")])))),
           leaves, "a tensor of a list")
    yield ("external-in-branch.onnx", in_branch(graph(RELU, tensors=[external(location="../x")])), leaves, "in a branch of If")
    yield ("external-in-function.onnx", model(graph(node("F", domain="d")), "d", rest=field(25, function("d", "F",
           node("Constant", (), ("y",), "", attribute("value", t=external(location="../x")))))), leaves, "in a function")
    yield ("external-in-sparse.onnx", model(graph(RELU, rest=field(15, message((1, external(location="../x")),
           (2, tensor("i", (1,), 7, struct.pack("<q", 0))), (3, 4))))), leaves, "in a sparse tensor")
    yield ("external-in-training.onnx", model(graph(RELU), rest=field(20, message((2, graph(RELU, tensors=[external(location="../x")]))))),
           leaves, "in the graph of training")
    yield ("external-said-inside.onnx", model(graph(RELU, tensors=[tensor(raw=FLOATS, external=[("location", "../x")])])),
           leaves + ["MDL195"], "a location that is not said to count")
    yield ("external-none.onnx", model(graph(RELU, tensors=[tensor(location=1)])), ["MDL195"], "no location at all")
    yield ("external-empty.onnx", model(graph(RELU, tensors=[external(location="")])), ["MDL195"], "an empty location")
    for name, keys in (("negative", {"offset": "-1"}), ("overflow", {"offset": "18446744073709551615", "length": "8"}),
                       ("huge", {"offset": "9223372036854775807"}), ("hex", {"offset": "0x10"}), ("blank", {"length": " 8"}),
                       ("wraps", {"offset": "18446744073709551616"})):
        yield ("external-offset-%s.onnx" % name, beside("w.bin", **keys), ["MDL195"], "an offset or a length that is none")
    yield ("external-length.onnx", beside("w.bin", offset="0", length="4096"), ["MDL197"], "a length that is not the shape's")
    yield ("external-key.onnx", beside("w.bin", __class__="x"), ["MDL195"], "a key that some set as an attribute of an object")
    yield ("external-and-raw.onnx", model(graph(RELU, tensors=[tensor(raw=FLOATS, external=[("location", "w")], location=1)])),
           ["MDL195"], "data at two places")
    yield ("external-memory.onnx", beside("*/_ORT_MEM_ADDR_/*", offset="140737488355328", length="8"), ["MDL196"], "an address of the runtime's memory")
    for name, t in (("short", tensor(dims=(1000,), raw=FLOATS)), ("long", tensor(dims=(1,), raw=FLOATS * 9)),
                    ("negative", tensor(dims=(-1, 2), raw=FLOATS)), ("overflow", tensor(dims=(1 << 40, 1 << 40), raw=FLOATS)),
                    ("huge", tensor(dims=(1 << 50,), raw=FLOATS)), ("wrapped", tensor(dims=(1 << 63, 2), raw=FLOATS)),
                    ("type", tensor(kind=99, raw=FLOATS)), ("undefined", tensor(kind=0, raw=FLOATS)), ("none", tensor()),
                    ("strings", tensor(kind=8, raw=FLOATS)), ("two", tensor(raw=FLOATS, rest=field(4, FLOATS))),
                    ("other", tensor(rest=field(7, b"\1\2"))), ("few", tensor(rest=field(4, 1.0))),
                    ("segment", tensor(raw=FLOATS, rest=field(3, message((1, 0), (2, 1)))))):
        yield ("tensor-%s.onnx" % name, model(graph(RELU, tensors=[t])), ["MDL197"], "a tensor that is not what it says")
    yield ("tensor-in-loop.onnx", model(graph(node("Loop", ("n", "c"), ("y",), "", attribute("body", g=graph(RELU, tensors=[tensor(dims=(9,), raw=FLOATS)]))))),
           ["MDL197"], "in the body of a loop")
    python = ["MDL190"]
    yield ("pyop.onnx", model(graph(node("PyOp", domain="ai.onnx.contrib")), "ai.onnx.contrib"), python, "onnxruntime-extensions")
    yield ("pythonop.onnx", model(graph(node("PythonOp", ("x",), ("y",), "com.microsoft", attribute("func_name", s="builtins.exec"))), "com.microsoft"),
           python, "onnxruntime-training")
    yield ("pythonop-other-domain.onnx", model(graph(node("PythonOp", domain="my.domain")), "my.domain"), python, "under another domain")
    yield ("pythonop-no-domain.onnx", model(graph(node("PythonOp"))), python, "under none")
    yield ("pythonop-shadowed.onnx", model(graph(node("PythonOp", domain="com.microsoft")), "com.microsoft",
           rest=field(25, function("com.microsoft", "PythonOp", RELU))), python, "a function of that name that the runtime does not take")
    yield ("pythonop-in-branch.onnx", in_branch(graph(node("PythonOp", domain="com.microsoft"))), python, "in a branch")
    yield ("pythonop-in-function.onnx", model(graph(node("F", domain="d")), "d", rest=field(25, function("d", "F", node("PyOp", domain="ai.onnx.contrib")))),
           python, "in a function")
    yield ("pythonop-in-unused-function.onnx", model(graph(RELU), rest=field(25, function("d", "F", node("PyOp", domain="ai.onnx.contrib")))),
           python, "in a function that nothing calls")
    yield ("pythonop-op-twice.onnx", model(graph(message((2, "y"), (4, "PythonOp"), (7, "com.microsoft"), (4, "Relu")))),
           ["MDL200"], "the operator's name twice")
    yield ("aten.onnx", model(graph(node("ATen", ("x",), ("y",), "org.pytorch.aten", attribute("operator", s="from_file"))), "org.pytorch.aten"),
           python, "any operator of torch by name")
    custom = ["MDL191"]
    yield ("custom.onnx", model(graph(node("Evil", domain="my.ops")), "my.ops"), custom, "an operator of a library")
    yield ("custom-standard-domain.onnx", model(graph(node("Evil"))), custom, "an operator that the standard does not have")
    yield ("custom-ml.onnx", model(graph(node("Evil", domain="ai.onnx.ml")), "ai.onnx.ml"), custom, "nor its ml domain")
    yield ("custom-case.onnx", model(graph(node("relu"))), custom, "nor with small letters")
    yield ("custom-like-known.onnx", model(graph(node("Gelu", domain="com.microsoft ")), "com.microsoft "), custom, "a domain with a blank")
    yield ("custom-function-elsewhere.onnx", model(graph(node("F", domain="a")), "a", rest=field(25, function("b", "F", RELU))),
           custom, "a function of that name in another domain")
    yield ("custom-extensions.onnx", model(graph(node("BertTokenizer", domain="ai.onnx.contrib")), "ai.onnx.contrib"), custom, "needs a library")
    yield ("custom-library.onnx", model(graph(node("Plugin", ("x",), ("y",), "my.ops", attribute("lib", s="./plugin.so"))), "my.ops"),
           ["MDL192"], "an attribute that is a library")
    yield ("custom-library-list.onnx", model(graph(node("Plugin", ("x",), ("y",), "my.ops", attribute("libs", strings=["a", "b.DLL"]))), "my.ops"),
           ["MDL192"], "in a list")
    yield ("custom-library-version.onnx", model(graph(node("Plugin", ("x",), ("y",), "trt.plugins", attribute("p", s="libx.so.1.2"))), "trt.plugins"),
           ["MDL192"], "with a version")
    yield ("custom-module.onnx", model(graph(node("Call", ("x",), ("y",), "my.ops", attribute("module", s="os.system"))), "my.ops"),
           ["MDL100"], "names code")
    yield ("custom-path.onnx", model(graph(node("Read", ("x",), ("y",), "my.ops", attribute("p", s="/etc/passwd"))), "my.ops"), leaves, "a path")
    yield ("custom-fetch.onnx", model(graph(node("AzureTextToText", ("x",), ("y",), "com.microsoft.extensions",
           attribute("model_uri", s="https://example.com/v1"))), "com.microsoft.extensions"), ["MDL106"], "sends its input away")
    yield ("compiled.onnx", model(graph(node("EPContext", ("x",), ("y",), "com.microsoft", attribute("embed_mode", i=1),
           attribute("ep_cache_context", s=b"\1\2\3\4" * 40))), "com.microsoft"), ["MDL193"], "a program for a device")
    yield ("compiled-beside.onnx", model(graph(node("EPContext", ("x",), ("y",), "com.microsoft", attribute("embed_mode", i=0),
           attribute("ep_cache_context", s="../../ctx.bin"))), "com.microsoft"), leaves, "a program elsewhere")
    odd = ["MDL198"]
    yield ("function-shadows.onnx", model(graph(RELU), rest=field(25, function("", "Relu", node("Sigmoid")))), odd, "a function Relu that is none")
    yield ("function-shadows-long.onnx", model(graph(RELU), rest=field(25, function("ai.onnx", "Relu", node("Sigmoid")))), odd, "under the domain's long name")
    yield ("function-calls-itself.onnx", model(graph(node("F", domain="d")), "d", rest=field(25, function("d", "F", node("F", domain="d")))),
           odd, "never ends")
    yield ("function-calls-in-circle.onnx", model(graph(node("F", domain="d")), "d", rest=field(25, function("d", "F", node("G", domain="d"))) +
           field(25, function("d", "G", node("H", domain="d"))) + field(25, function("d", "H", RELU, node("F", domain="d")))), odd, "never ends")
    yield ("function-calls-in-branch.onnx", model(graph(node("F", domain="d")), "d", rest=field(25, function("d", "F",
           node("If", ("c",), ("y",), "", attribute("then_branch", g=graph(node("F", domain="d"))))))), odd, "never ends, in a branch")
    told = ["MDL200"]
    yield ("graph-twice.onnx", model(graph(RELU), rest=field(7, graph(node("Sigmoid")))), told, "two graphs, merged by some")
    yield ("version-twice.onnx", field(1, 8) + model(graph(RELU)), told, "two versions")
    yield ("raw-twice.onnx", model(graph(RELU, tensors=[tensor(raw=FLOATS, rest=field(9, FLOATS))])), told, "two bodies")
    yield ("type-twice.onnx", model(graph(RELU, tensors=[field(2, 8) + tensor(raw=FLOATS)])), told, "two types")
    yield ("wire.onnx", model(graph(RELU), rest=field(14, 5)), ["MDL201"], "metadata that is a number")
    yield ("wire-node.onnx", model(graph(RELU + varint(4 << 3) + b"\1")), ["MDL201"], "an operator that is a number")
    yield ("group.onnx", model(graph(RELU), rest=varint(99 << 3 | 3) + varint(99 << 3 | 4)), [], "a group")
    yield ("trailing.onnx", model(graph(RELU)) + b"\0\0\0\0", [], "bytes behind the end")
    yield ("cut.onnx", model(graph(RELU, RELU, RELU))[:40], [], "cut within the graph")
    yield ("deep.onnx", deep(40), ["ENG002", "ENG001"], "deeper than any library reads")
    yield ("deep-1000.onnx", deep(1000), [], "much deeper")
    yield ("future.onnx", model(graph(RELU), version=500), ["MDL199"], "a version to come")
    yield ("no-version.onnx", field(7, graph(RELU)) + field(8, message((1, ""), (2, 17))), ["MDL199"], "no version")
    inside = ["PKL001", "PKL002", "PKL003", "PKL004"]
    yield ("pickle-in-raw.onnx", model(graph(RELU, tensors=[tensor("p", (len(PICKLE),), 2, PICKLE)])), inside, "a pickle as bytes of a tensor")
    yield ("pickle-in-int8.onnx", model(graph(RELU, tensors=[tensor("p", (len(PICKLE0),), 3, PICKLE0)])), inside, "an old pickle as bytes")
    yield ("pickle-in-strings.onnx", model(graph(RELU, tensors=[tensor("p", (1,), 8, rest=field(6, PICKLE))])), inside, "a pickle as a string")
    yield ("pickle-in-attribute.onnx", model(graph(node("Relu", ("x",), ("y",), "", attribute("note", s=PICKLE)))), inside, "a pickle in an attribute")
    yield ("pickle-in-metadata.onnx", model(graph(RELU), rest=field(14, entry("state", PICKLE0))), inside, "a pickle in the metadata")
    yield ("pickle-in-external-key.onnx", model(graph(RELU, tensors=[external(location="w", checksum=PICKLE0)])), inside, "a pickle as a checksum")
    yield ("pickle-in-unknown.onnx", model(graph(RELU), rest=field(77, PICKLE)), inside, "a pickle in a field of no version")
    yield ("pickle-in-gzip.onnx", model(graph(RELU, tensors=[tensor("z", (10,), 2, None, rest=b"")]), rest=field(14, entry("z", b"\x1f\x8b\x08\0\0\0\0\0\0\x03" +
           zlib.compress(PICKLE)[2:-4] + struct.pack("<II", zlib.crc32(PICKLE), len(PICKLE))))), inside, "a compressed pickle")
    yield ("pickle-in-floats.onnx", model(graph(RELU, tensors=[tensor("p", (10,), 1, PICKLE + bytes(40 - len(PICKLE)))])), inside, "a pickle as numbers")
    yield ("pickle-in-doc.onnx", model(graph(RELU), rest=field(6, PICKLE0)), inside, "a pickle as prose")
    yield ("pickle-in-name.onnx", model(graph(message((1, "x"), (2, "y"), (3, PICKLE0), (4, "Relu")))), inside, "a pickle as a name")
    yield ("custom-microsoft.onnx", model(graph(node("Evil", domain="com.microsoft")), "com.microsoft"), custom, "nor the runtime's own domain")
    yield ("program-in-raw.onnx", model(graph(RELU, tensors=[tensor("e", (len(ELF),), 2, ELF)])), [], "a program as bytes of a tensor")


def bad_folders():
    noise = bytes((i * i * 7 + i * 13 + 5) % 251 for i in range(70000))
    eight = beside("w.bin", offset="0", length="8")
    yield ("more-than-named", {"model.onnx": eight, "w.bin": FLOATS + noise}, ["ENG004"], "far more than the tensors have")
    yield ("less-than-named", {"model.onnx": beside("w.bin", offset="64", length="8"), "w.bin": FLOATS}, [], "less than they must have")
    yield ("not-named", {"model.onnx": eight, "w.bin": FLOATS, "v.bin": noise}, ["ENG004"], "another file of that folder")
    yield ("elsewhere", {"a/model.onnx": beside("../b/w.bin", offset="0", length="8"), "b/w.bin": noise[:8]}, ["MDL104"], "of another folder")
    yield ("named-pickle", {"model.onnx": model(graph(RELU, tensors=[tensor(dims=(len(PICKLE),), kind=2, external=[("location", "w.bin")], location=1)])),
           "w.bin": PICKLE}, ["PKL001", "PKL002", "PKL003"], "what is named is a pickle")
    yield ("named-hides", {"model.onnx": beside("w.bin", offset="0", length="8"), "w.bin": FLOATS + noise[:4000] + PICKLE0 + noise[:4000]},
           ["PKL001", "PKL002", "PKL003"], "what is named hides one")


def good_onnx():
    for path in sorted(FIXTURES.glob("*.onnx")):
        yield (path.name, path.read_bytes(), [], "saved by the library")
    for name, path in (("dots", "model..data"), ("space", "my weights.bin"), ("inner", "weights/part-1.bin"), ("unicode", "poids_\u00e9.bin")):
        yield ("external-%s" % name, {"model.onnx": beside(path, offset="0", length="8"), path: FLOATS}, [], "ordinary names")
    yield ("words.onnx", model(graph(RELU, tensors=[tensor("v", (3,), 8, rest=field(6, "os.system") + field(6, "/etc/passwd") + field(6, "eval(x)"))])),
           [], "a vocabulary of words that look bad")
    yield ("names.onnx", model(graph(node("Relu", ("/etc/passwd",), ("../../y",)))), [], "names of values are no paths")
    yield ("docs.onnx", model(graph(RELU), rest=field(6, "See https://example.com/a.so and import os; os.system('x')")), [], "prose")
    yield ("metadata.onnx", model(graph(RELU), rest=field(14, entry("homepage", "https://example.com/x.dll")) +
           field(14, entry("names", "{0: 'person', 1: 'cat'}"))), [], "metadata")
    yield ("constant-text.onnx", model(graph(node("Constant", (), ("y",), "", attribute("value_string", s="libfoo.so")))), [], "a constant is no library")
    yield ("function-pythonop.onnx", model(graph(node("PythonOp", domain="pkg.mine")), "pkg.mine", rest=field(25, function("pkg.mine", "PythonOp", RELU))),
           [], "a function of the model's own by that name")
    yield ("function-unused.onnx", model(graph(RELU), rest=field(25, function("d", "A", node("B", domain="d"))) + field(25, function("d", "B", RELU))),
           [], "functions that call one another and end")
    yield ("prepacked.onnx", {"m.onnx": beside("w.bin", offset="0", length="8", prepacked_0="key|16|8"), "w.bin": FLOATS * 9}, [], "as a runtime saves it")
    yield ("packed.onnx", model(graph(RELU, tensors=[field(1, b"\2\3") + field(2, 7) + field(7, b"\1\2\3\4\5\6")])), [], "packed dimensions")
    yield ("random-bytes.onnx", model(graph(RELU, tensors=[tensor("q", (256,), 2, bytes((i * 167 + 13) % 256 for i in range(256)))])), [], "quantised weights")
    yield ("nested-10.onnx", deep(10), [], "ten branches within one another")
    yield ("scalar.onnx", model(graph(RELU, tensors=[tensor("s", (), 1, struct.pack("<f", 1)), tensor("e", (0, 7), 1, b"")])), [], "no dimension, no number")
    yield ("old.onnx", model(graph(node("Upsample"), node("ImageScaler"), node("Affine")), version=3, opset=7), [], "operators of old")


# ---- Core ML ----

def core_ml(*kind, version=4):
    return message((1, version), (2, message((100, message((3, "somebody"), (4, "MIT"))))), *kind)


def layer(*rest):
    return message((1, "l"), (2, "x"), (3, "y"), *rest)


def blob(path):
    v = message((5, message((1, path), (2, 64))))
    op = message((1, "const"), (5, message((1, "val"), (2, v))))
    block = message((3, op))
    return core_ml((502, message((1, 1), (2, message((1, "main"), (2, message((2, "CoreML5"), (3, message((1, "CoreML5"), (2, block))))))))), version=7)


def weights(*bodies, count=None):
    out = struct.pack("<II", len(bodies) if count is None else count, 2) + bytes(56)
    for body in bodies:
        out += bytes(-len(out) % 64)
        out += struct.pack("<IIQQQ", 0xDEADBEEF, 1, len(body), len(out) + 64, 0) + bytes(32) + body
    return out


def bad_core_ml():
    yield ("count.weight.bin", weights(FLOATS, FLOATS, count=3), [], "a record that is not there")
    yield ("body.weight.bin", weights(FLOATS, FLOATS)[:-4], [], "a body that is cut")
    yield ("trailing.weight.bin", weights(FLOATS * 8) + PICKLE, ["PKL001", "PKL002", "PKL003"], "a pickle behind the last record")
    custom = message((10, "EvilLayer"), (40, "x"))
    yield ("custom-model.mlmodel", core_ml((555, custom)), ["MDL191"], "a class of the app")
    yield ("custom-layer.mlmodel", core_ml((500, message((1, layer((500, custom)))))), ["MDL191"], "a layer of the app's")
    yield ("custom-in-loop.mlmodel", core_ml((403, message((1, layer((615, message((4, message((1, layer((500, custom)))))))))))), ["MDL191"], "in a loop")
    inner = core_ml((500, message((1, layer((500, custom))))))
    yield ("custom-in-pipeline.mlmodel", core_ml((202, message((1, core_ml((900, b""))), (1, inner)))), ["MDL191"], "in a pipeline")
    yield ("custom-in-classifier.mlmodel", core_ml((200, message((1, message((1, core_ml((202, message((1, inner))))))))), ), ["MDL191"], "in a pipeline of pipelines")
    yield ("linked.mlmodel", core_ml((556, message((1, message((1, message((1, "../../other"))), (2, message((1, "/usr/lib")))))))), ["MDL104"], "a linked model elsewhere")
    yield ("blob.mlmodel", blob("@model_path/../../../etc/passwd"), ["MDL104"], "weights elsewhere")
    yield ("blob-absolute.mlmodel", blob("/etc/passwd"), ["MDL104"], "weights elsewhere")
    yield ("serialized.mlmodel", core_ml((3000, message((1, "x"), (2, PICKLE)))), ["MDL193", "PKL001"], "a form of its own")
    m = core_ml((900, b""))
    for _ in range(60):
        m = core_ml((202, message((1, m))))
    yield ("deep.mlmodel", m, [], "deeper than any library reads")
    yield ("kinds.mlmodel", core_ml((900, b""), (500, message((1, layer())))), ["MDL200"], "two kinds at once")
    yield ("twice.mlmodel", core_ml((500, message((1, layer()))), (500, message((1, layer())))), ["MDL200"], "two networks")


def good_core_ml():
    for path in sorted(FIXTURES.glob("*.mlmodel")):
        yield (path.name, path.read_bytes(), [], "saved by the library")
    yield ("identity.mlmodel", core_ml((900, b"")), [], "a small one")
    yield ("program.mlpackage", {"Data/com.apple.CoreML/model.mlmodel": blob("@model_path/weights/weight.bin"),
           "Data/com.apple.CoreML/weights/weight.bin": weights(FLOATS, FLOATS * 20),
           "Manifest.json": json.dumps({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries": {"A": {
               "author": "com.apple.CoreML", "path": "com.apple.CoreML/model.mlmodel"}}}).encode()}, [], "a program and its weights")


# ---- Paddle ----

def op(kind, *attributes):
    return message((3, kind), *[(4, message((1, k), (2, 2), (5, v))) for k, v in attributes])


def paddle(*ops):
    variable = message((1, "x"), (2, message((1, 7), (3, message((1, message((1, 5), (2, 4))))))))
    return message((1, message((1, 0), (2, (1 << 64) - 1), (3, variable), *[(4, o) for o in ops])), (4, message((1, 0))))


def params(*shapes):
    out = b""
    for dims in shapes:
        desc = message((1, 5), *[(2, d) for d in dims])
        n = 4
        for d in dims:
            n *= d
        out += bytes(4) + bytes(8) + bytes(4) + struct.pack("<I", len(desc)) + desc + bytes(n)
    return out


def bad_paddle():
    yield ("py_func.pdmodel", paddle(op("feed"), op("py_func")), ["MDL190"], "calls Python")
    yield ("py_func-in-block.pdmodel", paddle(op("relu")) + field(1, message((1, 1), (2, 0), (4, op("py_layer")))), ["MDL190"], "in a block of its own")
    yield ("save.pdmodel", paddle(op("save_combine", ("file_path", "/root/.bashrc"))), ["MDL194", "MDL104"], "writes a file")
    yield ("load.pdmodel", paddle(op("load", ("file_path", "../../x"))), ["MDL104"], "reads a file elsewhere")
    yield ("send.pdmodel", paddle(op("send")), ["MDL194"], "talks to another machine")
    yield ("engine.pdmodel", paddle(op("tensorrt_engine", ("engine_serialized_data", b"\1" * 50))), ["MDL193"], "a program for the GPU")
    yield ("library.pdmodel", paddle(op("my_op", ("path", "libevil.so"))), ["MDL192"], "a library")
    yield ("pickle.pdmodel", paddle(op("relu", ("note", PICKLE0))), ["PKL001", "PKL002", "PKL003"], "a pickle in an attribute")
    yield ("short.pdiparams", params((4, 4), (8,))[:-3], [], "cut within a tensor")
    yield ("lies.pdiparams", params((4,)).replace(b"\x10\x04", b"\x10\x7f"), [], "a shape that is not the body's")


def good_paddle():
    yield ("small.pdmodel", paddle(op("feed"), op("matmul_v2"), op("relu"), op("fetch")), [], "a small program")
    yield ("load_combine.pdmodel", paddle(op("load_combine", ("file_path", "weights"))), [], "weights beside it")
    yield ("small.pdiparams", params((4, 4), (4,), ()), [], "weights")
    for folder in sorted(FIXTURES.glob("*_file*")):
        yield (folder.name, {p.name: p.read_bytes() for p in sorted(folder.iterdir())}, [], "saved with its data beside it")
    for path in sorted(FIXTURES.glob("paddle*")):
        yield (path.name, path.read_bytes(), [], "saved by the library")


# ---- Caffe, CNTK, OpenVINO ----

def caffe(*layers):
    return message((1, "net"), *[(100, l) for l in layers])


PROTOTXT = b"""name: "net"
# a comment { with braces
input: "data"
input_dim: 1
layer {
  name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 96 kernel_size: 11 stride: 4 weight_filler { type: "gaussian" std: 0.01 } }
}
"""
NET = b"""<?xml version="1.0"?>
<net name="m" version="11">
<layers>
<layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,2" element_type="f32"/>
<output><port id="0" precision="FP32"><dim>1</dim></port></output></layer>
<layer id="1" name="w" type="Const" version="opset1"><data element_type="f32" shape="2" offset="0" size="8"/></layer>
%s</layers>
<edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/></edges>
<rt_info><conversion_parameters><input_model value="/home/me/model.so"/></conversion_parameters></rt_info>
</net>
"""


def cntk(*entries):
    text = lambda k, v: message((1, k), (2, message((1, 1), (2, 7), (8, v))))
    inner = message((1, 1), *[(2, text(k, v)) for k, v in entries])
    functions = message((1, 1), (2, 11), (11, message((1, message((1, 1), (2, 12), (12, inner))))))
    return message((1, 1), (2, message((1, "primitive_functions"), (2, functions))), (2, text("name", "n")))


def bad_others():
    python = message((1, "p"), (2, "Python"), (130, message((1, "os"), (2, "system"), (3, "id"))))
    conv = message((1, "c"), (2, "Convolution"))
    yield ("python.caffemodel", caffe(conv, python), ["MDL190"], "a layer in Python")
    yield ("python-type.caffemodel", caffe(conv, message((1, "p"), (2, "Python"))), ["MDL190"], "by its type alone")
    yield ("pickle.caffemodel", caffe(conv, message((1, "p"), (2, "Python"), (130, message((1, "a"), (2, "B"), (3, PICKLE0))))), ["PKL001", "PKL002", "PKL003", "MDL190"], "")
    yield ("python.prototxt", PROTOTXT + b'layer { name: "p" type: "Python" python_param { module: "evil" layer: "Layer" } }\n', ["MDL190"], "")
    yield ("python-escaped.prototxt", PROTOTXT + b'layer { name: "p" type: "\\x50yth" \'on\' }\n', ["MDL190"], "an escape, and two strings for one")
    yield ("python-colon.prototxt", PROTOTXT + b'layer: < python_param: < module: "evil"; layer: "L"; > >\n', ["MDL190"], "angle brackets")
    yield ("source.prototxt", PROTOTXT + b'layer { name: "d" type: "HDF5Data" hdf5_data_param { source: "/etc/passwd" } }\n', ["MDL104"], "")
    yield ("output.prototxt", PROTOTXT + b'layer { name: "d" type: "HDF5Output" hdf5_output_param { file_name: "x.h5" } }\n', ["MDL194"], "")
    yield ("hydra.prototxt", b"_target_: os.system\n" + PROTOTXT, [], "a configuration that poses as a network")
    yield ("open.prototxt", PROTOTXT + b"layer {", [], "does not end")
    yield ("python.cntk", cntk(("type", "UserFunction"), ("module", "evil"), ("class", "Function")), ["MDL190"], "")
    yield ("native.cntk", cntk(("module", "libevil.so"), ("op", "create")), ["MDL192"], "")
    yield ("custom.cntk", cntk(("module", "evil"), ("op", "create")), ["MDL191"], "")
    yield ("extension.xml", NET % b'<layer id="2" name="e" type="Evil" version="extension"/>\n', ["MDL191"], "")
    yield ("extension-entity.xml", NET % b'<layer id="2" name="e" type="Evil" version="&#101;xtension"/>\n', ["MDL191"], "")
    yield ("extension-quotes.xml", NET % b"<layer id='2' name='>' type='Evil' version = 'mine'></layer>\n", ["MDL191"], "")
    yield ("library.xml", NET % b'<layer id="2" name="e" type="Evil" version="opset1"><data lib="../e.so"/></layer>\n', ["MDL192"], "")
    yield ("offset.xml", NET % b'<layer id="2" name="c" type="Const" version="opset1"><data offset="18446744073709551615" size="8"/></layer>\n', ["MDL195"], "")
    yield ("doctype.xml", NET.replace(b"<net ", b'<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<net ') % b"", [], "")
    yield ("twice.xml", NET % b'<layer id="2" name="e" type="A" version="opset1" version="extension"/>\n', [], "")
    yield ("open.xml", (NET % b"")[:-8], [], "")
    symbol = lambda *nodes: json.dumps({"nodes": list(nodes), "arg_nodes": [0], "heads": [[0, 0, 0]], "attrs": {"mxnet_version": ["int", 10900]}}).encode()
    yield ("custom-symbol.json", symbol({"op": "Custom", "name": "c", "attrs": {"op_type": "evil"}, "inputs": []}), ["MDL190"], "an operator in Python")
    yield ("custom-escaped-symbol.json", symbol({"op": "Custom", "name": "c", "inputs": []}).replace(b"Custom", b"\\u0043ustom"), ["MDL190"], "with an escape")
    yield ("native-symbol.json", symbol({"op": "_Native", "param": {"info": "0x7ffe"}, "name": "n", "inputs": []}), ["MDL190"], "an address")
    yield ("library-symbol.json", symbol({"op": "Lib", "attrs": {"path": "./evil.so"}, "name": "n", "inputs": []}), ["MDL192"], "a library")
    nested = {"op": "_foreach", "name": "f", "inputs": [], "subgraphs": [json.loads(symbol({"op": "Custom", "name": "c", "inputs": []}))]}
    yield ("subgraph-symbol.json", symbol(nested), ["MDL190"], "in a subgraph")
    pir = lambda name: json.dumps({"base_code": {"magic": "pir", "trainable": False, "version": 1}, "program": {"regions": [{"#": "region_0", "blocks": [
        {"#": "block_0", "args": [], "ops": [{"#": name, "A": [], "I": [], "O": []}]}]}]}}).encode()
    yield ("inference.json", pir("1.py_func"), ["MDL190"], "Paddle's program in JSON")
    yield ("inference-custom.json", pir("custom_op.evil"), ["MDL191"], "an operator of a library")
    yield ("leaving.mlpackage", {"Manifest.json": json.dumps({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries": {
        "A": {"path": "../../../etc/passwd"}}}).encode()}, ["MDL104"], "an item elsewhere")
    yield ("model.ort", struct.pack("<I", 16) + b"ORTM" + bytes(64), [], "nothing in it")
    ort = (FIXTURES / "mlp.ort").read_bytes()
    yield ("python.ort", ort.replace(b"MatMul\0", b"PyFunc\0"), ["MDL190"], "an operator that calls Python")
    yield ("custom.ort", ort.replace(b"FusedGemm\0", b"EvilxGemm\0"), ["MDL191"], "one that no runtime has")
    yield ("library.ort", ort.replace(b"FusedGemm\0", b"EvilxGemm\0").replace(b"Relu\0", b"x.so\0"), ["MDL192"], "a library")
    yield ("cut.ort", ort[:3000], [], "cut")
    numbers = (FIXTURES / "mlp.onnx").read_bytes()
    at = next(i for i in range(len(ort) - 64) if ort[i:i + 4] == struct.pack("<I", 2048) and ort[i + 4:i + 36] in numbers)
    yield ("length.ort", ort[:at] + struct.pack("<I", 2044) + ort[at + 4:], ["MDL197"], "a tensor of fewer bytes")
    yield ("pickle.ort", ort[:at + 4] + PICKLE + ort[at + 4 + len(PICKLE):], ["PKL001", "PKL002", "PKL003"], "a pickle as numbers")
    yield ("beyond.ort", ort[:at] + struct.pack("<I", 1 << 31) + ort[at + 4:], [], "a length beyond the file")


def good_others():
    yield ("mlp.ort", (FIXTURES / "mlp.ort").read_bytes(), [], "saved by the library")
    conv = message((1, "c"), (2, "Convolution"), (7, message((5, FLOATS))))
    yield ("net.caffemodel", caffe(conv, conv), [], "")
    yield ("old.caffemodel", message((1, "old"), (2, message((4, "data"), (5, 5), (11, message((1, "/home/x/train-leveldb"))))),
           (2, message((4, "c"), (5, 4)))), [], "where it was trained is opened by nobody")
    yield ("deploy.prototxt", PROTOTXT, [], "")
    yield ("train.prototxt", PROTOTXT + b'layer { name: "d" type: "Data" include { phase: TRAIN } transform_param { mean_value: [1, 2.5, -3e2] } data_param { source: "train_lmdb" backend: LMDB } }\n', [], "")
    yield ("net.cntk", cntk(("type", "CompositeFunction"), ("root_uid", "Times1")), [], "")
    yield ("net-symbol.json", json.dumps({"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "Convolution", "name": "conv.so",
           "attrs": {"kernel": "(3, 3)", "num_filter": "8"}, "inputs": [[0, 0, 0]]}], "arg_nodes": [0], "node_row_ptr": [0, 1, 2],
           "heads": [[1, 0, 0]], "attrs": {"mxnet_version": ["int", 10900]}}).encode(), [], "a small network")
    yield ("ir", {"model.xml": NET % b"", "model.bin": FLOATS}, [], "")
    yield ("ir-comment.xml", NET % b"<!-- <layer version='extension'/> -->", [], "")


def bad():
    for cases in (bad_onnx, bad_folders, bad_core_ml, bad_paddle, bad_others):
        yield from cases()


def good():
    for cases in (good_onnx, good_core_ml, good_paddle, good_others):
        yield from cases()
