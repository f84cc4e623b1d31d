"""Hostile and harmless TensorFlow: graphs, SavedModels, checkpoints, records, TensorFlow Lite.

Written by hand, byte by byte; what TensorFlow itself writes is in tests/fixtures/tensorflow.
"""
import pathlib
import pickle
import struct
import zipfile
import io
import json

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures/tensorflow"


# ---- Protocol Buffers ----

def varint(n):
    out = b""
    while n > 0x7F:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    """Bytes, a text, or a number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def entry(number, key, value):
    return field(number, field(1, key) + field(2, value))


def text_value(text):
    return field(2, text)


def texts(*values):
    """AttrValue of a constant's texts."""
    tensor = field(1, 7) + b"".join(field(8, v) for v in values)
    return field(8, tensor)


def func_value(name, attrs=b""):
    return field(10, field(1, name) + attrs)


def node(name, op, inputs=(), attrs=None):
    return (field(1, name) + field(2, op) + b"".join(field(3, i) for i in inputs)
            + b"".join(entry(5, k, v) for k, v in (attrs or {}).items()))


def const(name, *values):
    return node(name, "Const", (), {"dtype": field(6, 7), "value": texts(*values)})


def function(name, *nodes):
    return field(1, field(1, name)) + b"".join(field(3, n) for n in nodes)


def library(*functions, gradients=b""):
    return b"".join(field(1, f) for f in functions) + gradients


def graph(*nodes, lib=b""):
    return b"".join(field(1, n) for n in nodes) + (field(2, lib) if lib else b"")


def meta(graph_def, extra=b""):
    info = field(4, "serve") + field(5, "2.15.0")
    return field(1, info) + field(2, graph_def) + extra


def saved(*metas):
    return field(1, 1) + b"".join(field(2, m) for m in metas)


PLAIN = (node("x", "Placeholder"), node("y", "Relu", ["x"]), node("z", "Identity", ["y"]))


def model(*nodes, lib=b"", extra=b""):
    return saved(meta(graph(*PLAIN, *nodes, lib=lib), extra))


def asset(tensor, filename):
    return field(6, field(1, field(1, tensor)) + field(2, filename))


SAVER = (node("saver_filename", "Placeholder"), const("names", "w"), const("slices", ""),
         node("w", "VarHandleOp"), node("read", "ReadVariableOp", ["w"]))


# ---- CRC-32C, tables, records ----

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(data):
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", masked(head)) + data + struct.pack("<I", masked(data))


def block(entries):
    """Keys in whole; one restart."""
    out = b"".join(varint(0) + varint(len(k)) + varint(len(v)) + k + v for k, v in entries)
    return out + struct.pack("<II", 0, 1)


def table(entries, compression=0, squeeze=None, wrong=False):
    out = b""

    def put(body):
        nonlocal out
        if compression and squeeze:
            body = squeeze(body)
        kind = bytes([compression])
        handle = varint(len(out)) + varint(len(body))
        crc = masked(body + kind) ^ wrong
        out += body + kind + struct.pack("<I", crc)
        return handle

    data = put(block(entries))
    metaindex = put(block([]))
    index = put(block([(entries[-1][0] + b"\xff" if entries else b"", data)]))
    footer = metaindex + index
    return out + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")


def snappy(body):
    """Literals alone, after a length."""
    out = varint(len(body))
    for i in range(0, len(body), 60):
        part = body[i:i + 60]
        out += bytes([(len(part) - 1) << 2]) + part
    return out


def header(shards=1):
    return b"", field(1, shards) + field(3, field(1, 1))


def tensor_entry(name, dtype, dims, offset, size, shard=0):
    shape = b"".join(field(2, field(1, d)) for d in dims)
    return name, (field(1, dtype) + field(2, shape) + (field(3, shard) if shard else b"")
                  + (field(4, offset) if offset else b"") + field(5, size)
                  + varint(6 << 3 | 5) + b"\0\0\0\0")


# ---- FlatBuffers: front to back, tables first, what they refer to behind them ----

class Table:
    """fields: {number: value}; ("i", bytes, number), ("t", Table), ("v", [Table...]),
    ("n", bytes, [numbers]), ("s", text), ("b", bytes)."""

    def __init__(self, **fields):
        self.fields = {int(k[1:]): v for k, v in fields.items()}


def place(out, value):
    """Appends what is referred to; gives its position."""
    while len(out) % 8:
        out.append(0)
    kind = value[0]
    if kind == "t":
        return place_table(out, value[1])
    at = len(out)
    if kind in "sb":
        data = value[1].encode() if isinstance(value[1], str) else value[1]
        out += struct.pack("<I", len(data)) + data + b"\0"
    elif kind == "n":
        out += struct.pack("<I", len(value[2]))
        for number in value[2]:
            out += (number & (1 << 8 * value[1]) - 1).to_bytes(value[1], "little")
    else:
        out += struct.pack("<I", len(value[1])) + bytes(4 * len(value[1]))
        for i, item in enumerate(value[1]):
            target = place(out, ("t", item) if isinstance(item, Table) else ("s", item))
            slot = at + 4 + 4 * i
            out[slot:slot + 4] = struct.pack("<I", target - slot)
    return at


def place_table(out, table_):
    n = max(table_.fields, default=-1) + 1
    vtable = len(out)
    out += bytes(4 + 2 * n)
    while len(out) % 8:
        out.append(0)
    at, offsets, size = len(out), {}, 8
    for number, value in table_.fields.items():
        offsets[number] = size
        size += 8
    out += bytes(size)
    out[at:at + 4] = struct.pack("<i", at - vtable)
    out[vtable:vtable + 4] = struct.pack("<HH", 4 + 2 * n, size)
    for number, off in offsets.items():
        out[vtable + 4 + 2 * number:vtable + 6 + 2 * number] = struct.pack("<H", off)
    for number, value in table_.fields.items():
        slot = at + offsets[number]
        if value[0] == "i":
            data = (value[2] & (1 << 8 * value[1]) - 1).to_bytes(value[1], "little")
            out[slot:slot + value[1]] = data
        else:
            target = place(out, value)
            out[slot:slot + 4] = struct.pack("<I", target - slot)
    return at


def flatbuffer(root, identifier=b"TFL3"):
    out = bytearray(4) + identifier
    at = place_table(out, root)
    out[:4] = struct.pack("<I", at)
    return bytes(out)


def flex_options(*values):
    """A FlexBuffer: a vector of texts."""
    out, at = b"", []
    for v in values:
        out += struct.pack("<I", len(v))
        at.append(len(out))
        out += v + b"\0"
    out += struct.pack("<I", len(values))
    vector = len(out)
    for i, a in enumerate(at):
        out += struct.pack("<I", vector + 4 * i - a)
    out += bytes([5 << 2 | 2] * len(values))
    return out + struct.pack("<I", len(out) - vector) + bytes([10 << 2 | 2, 4])


def builtin(code):
    return Table(f0=("i", 1, min(code, 127)), f3=("i", 4, code))


def custom(name):
    return Table(f0=("i", 1, 32), f1=("s", name), f3=("i", 4, 32))


def operator(code=0, inputs=(0,), outputs=(1,), options=None, **more):
    fields = {"f0": ("i", 4, code), "f1": ("n", 4, inputs), "f2": ("n", 4, outputs)}
    if options is not None:
        fields["f5"] = ("b", options)
    return Table(**fields, **more)


def tensor(name="t", buffer=0):
    return Table(f0=("n", 4, [1, 2]), f1=("i", 1, 0), f2=("i", 4, buffer), f3=("s", name))


def lite(codes=None, operators=None, tensors=None, buffers=None, version=3, identifier=b"TFL3",
         graphs=None, **more):
    tensors = [tensor("a"), tensor("b", 1)] if tensors is None else tensors
    operators = [operator()] if operators is None else operators
    subgraph = Table(f0=("v", tensors), f1=("n", 4, [0]), f2=("n", 4, [1]), f3=("v", operators),
                     f4=("s", "main"))
    buffers = [Table(), Table(f0=("b", b"\1\2\3\4" * 2))] if buffers is None else buffers
    return flatbuffer(Table(f0=("i", 4, version), f1=("v", codes or [builtin(0)]),
                            f2=("v", graphs or [subgraph]), f3=("s", "by hand"),
                            f4=("v", buffers), **more), identifier)


def flex(name, node_def, claims=None):
    claims = claims or name
    return lite([custom("Flex" + claims)],
                [operator(options=flex_options(name.encode(), node_def))])


# ---- cases ----

PICKLE = b"\x80\x04\x95\x1a\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."


def tfjs(*nodes, paths=("group1-shard1of1.bin",), **more):
    return json.dumps({"format": "graph-model", "generatedBy": "2.15.0", "convertedBy": "4.10.0",
                       "modelTopology": {"node": [{"name": "x", "op": "Placeholder"}, *nodes],
                                         "versions": {"producer": 1087}, **more},
                       "weightsManifest": [{"paths": list(paths), "weights": []}]}).encode()


def bad():
    yield from bad_graphs()
    yield from bad_tfjs()
    yield from bad_paths()
    yield from bad_hidden()
    yield from bad_broken()
    yield from bad_lite()
    yield from bad_checkpoints()


def bad_graphs():
    for op, rule in (("WriteFile", "MDL160"), ("ReadFile", "MDL161"), ("MatchingFiles", "MDL161"),
                     ("SaveDatasetV2", "MDL160"), ("TextLineDataset", "MDL162"),
                     ("TFRecordDataset", "MDL162"), ("WholeFileReaderV2", "MDL162"),
                     ("PyFunc", "MDL163"), ("EagerPyFunc", "MDL163"), ("PyFuncStateless", "MDL163"),
                     ("RpcCall", "MDL164"), ("DataServiceDatasetV4", "MDL164"),
                     ("RegisterDatasetV2", "MDL164"), ("RemoteCall", "MDL167"),
                     ("XlaCustomCallV2", "MDL167"), ("Abort", "MDL168"),
                     ("StealSecrets", "MDL165"), ("IO>FileRead", "MDL165")):
        yield op.replace(">", "-") + ".pb", graph(*PLAIN, node("n", op, ["x"])), [rule], "a node " + op
    yield "saved_model.pb", model(node("w", "WriteFile", ["x", "y"])), ["MDL160"], "in a SavedModel"
    yield "meta.meta", meta(graph(*PLAIN, node("w", "WriteFile"))), ["MDL160"], "in a MetaGraph"
    yield ("function.pb", graph(*PLAIN, lib=library(
        function("f", *PLAIN), function("g", node("w", "ReadFile")))), ["MDL161"],
        "in a function of the library")
    yield ("library_first.pb", field(2, library(function("f", node("w", "WriteFile"))))
           + graph(*PLAIN), ["MDL160"], "the library before the nodes")
    yield ("only_library.pb", field(2, library(function("f", node("w", "WriteFile")))),
           ["MDL160"], "functions and no node")
    yield ("second_meta.pb", saved(meta(graph(*PLAIN)), meta(graph(*PLAIN, node("w", "WriteFile")))),
           ["MDL160"], "in the second MetaGraph alone")
    yield ("twice.pb", graph(*PLAIN, field(1, "n") + field(2, "Relu") + field(2, "WriteFile")),
           ["MDL160"], "two operators of one node: the last counts")
    yield ("twice_first.pb", graph(*PLAIN, field(1, "n") + field(2, "WriteFile") + field(2, "Relu")),
           ["MDL160"], "two operators of one node: the first is told as well")
    yield ("merged.pb", field(1, 1) + field(2, field(2, graph(*PLAIN)) + field(
        2, graph(node("w", "WriteFile")))), ["MDL160"], "graph_def twice: the library merges them")
    yield ("nested_func.pb", graph(*PLAIN, node("m", "MapDataset", [], {"f": func_value(
        "g", entry(2, "h", func_value("WriteFile")))})), ["MDL160"],
        "an operator as a function, in an attribute of an attribute")
    yield ("gradient.pb", graph(*PLAIN, lib=library(
        function("f", *PLAIN), gradients=field(2, field(1, "f") + field(2, "PyFunc")))),
        ["MDL163"], "as the gradient of a function")
    yield ("print.pb", graph(*PLAIN, node("p", "PrintV2", ["x"], {
        "output_stream": text_value("file:///home/user/.bashrc")})), ["MDL160"], "prints into a file")
    yield ("debug.pb", graph(*PLAIN, node("d", "DebugIdentity", ["x"], {
        "debug_urls": field(1, field(2, "grpc://192.0.2.1:6064"))})), ["MDL160"],
        "sends tensors away")
    yield ("copy.pb", graph(*PLAIN, node("d", "CopyHost", ["x"], {
        "debug_ops_spec": field(1, field(2, "DebugIdentity;grpc://192.0.2.1:6064;0"))})),
        ["MDL160"], "sends tensors away, as a copy")
    yield ("immutable.pb", graph(*PLAIN, node("i", "ImmutableConst", [], {
        "memory_region_name": text_value("/etc/passwd")})), ["MDL161"], "maps a file into memory")
    yield ("sampler.pb", graph(*PLAIN, node("i", "FixedUnigramCandidateSampler", [], {
        "vocab_file": text_value("/etc/passwd")})), ["MDL161"], "reads a file by an attribute")
    yield ("group.pb", graph(*PLAIN, b"\x7b\x08\x01\x7c" + node("w", "WriteFile")), ["MDL160"],
           "behind a group, which the library skips")
    yield ("unknown_field.pb", field(15, 7) + graph(*PLAIN, field(99, "x") + node("w", "WriteFile")),
           ["MDL160"], "among fields that are not known")
    yield ("many.pb", graph(*PLAIN, *[node("n%d" % i, "Op%d" % i) for i in range(3000)]),
           ["MDL165"], "three thousand operators of no library")
    yield ("long_varint.pb", graph(*PLAIN) + b"\x8a\x80\x80\x00" + varint(len(node("w", "WriteFile")))
           + node("w", "WriteFile"), ["MDL160"], "a tag with needless zeroes")


def bad_tfjs():
    yield "model.json", tfjs({"name": "w", "op": "WriteFile"}), ["MDL160"], "TF.js: a node"
    yield "model.json", tfjs({"name": "w", "op": "Mystery"}), ["MDL165"], "TF.js: a custom operator"
    yield ("model.json", tfjs(library={"function": [{"signature": {"name": "f"}, "nodeDef": [
        {"name": "w", "op": "ReadFile"}]}]}), ["MDL161"], "TF.js: in a function")
    yield "model.json", tfjs(paths=["../../../etc/passwd"]), ["MDL104"], "TF.js: weights elsewhere"
    yield ("model.json", tfjs(paths=["https://example.org/w.bin"]), ["MDL104"],
           "TF.js: weights from an address")
    yield ("model.json", tfjs({"name": "w", "op": "Relu"}).replace(
        b'"op": "Relu"', b'"op": "WriteFile", "op": "Relu"'), ["MDL160"], "TF.js: a key twice")
    yield ("model.json", tfjs({"name": "w", "op": "Relu"}).replace(b"Relu", b"Write\\u0046ile"),
           ["MDL160"], "TF.js: an operator with an escape")


def bad_paths():
    yield ("save_absolute.pb", graph(*PLAIN, *SAVER, const("p", "/home/user/.bashrc"), node(
        "s", "SaveV2", ["p", "names", "slices", "read"])), ["MDL104"], "saves to a path of its own")
    yield ("save_joined.pb", graph(*PLAIN, *SAVER, const("a", "/root/.ssh/"), const("b", "x"), node(
        "j", "StringJoin", ["a", "b"]), node("i", "Identity", ["j:0"]), node(
        "s", "SaveV2", ["i", "names", "slices", "read"])), ["MDL104"], "a path put together")
    yield ("save_dotdot.pb", graph(*PLAIN, *SAVER, const("p", "../../x"), node(
        "s", "SaveV2", ["p", "names", "slices", "read"])), ["MDL104"], "a path upwards")
    yield ("save_function.pb", graph(*PLAIN, lib=library(function("f", *SAVER, const(
        "p", "~/.profile"), node("s", "SaveV2", ["p:output:0", "names", "slices", "read"])))),
        ["MDL104"], "in a function")
    yield ("handed.pb", graph(*PLAIN, const("p", "/home/user/.bashrc"), node(
        "c", "StatefulPartitionedCall", ["p"], {"f": func_value("f")}), lib=library(
        function("f", *SAVER, node("s", "SaveV2", ["arg", "names", "slices", "read"])))),
        ["MDL104"], "the path is handed to the function that saves")
    yield ("by_name.pb", graph(*PLAIN, const("p", "/home/user/.bashrc"), node("c", "f", ["p"]),
                               lib=library(function("f", *PLAIN))),
           ["MDL104"], "the same, a function called as an operator")
    yield ("vocabulary.pb", graph(*PLAIN, node("t", "HashTableV2"), const("p", "/etc/passwd"), node(
        "i", "InitializeTableFromTextFileV2", ["t", "p"])), ["MDL104"], "a table from a file")
    yield ("alibi.pb", saved(meta(graph(*PLAIN, node("t", "HashTableV2"), const(
        "p", "/etc/passwd"), node("i", "InitializeTableFromTextFileV2", ["t", "p"])),
        asset("p:0", "passwd"))), ["MDL104"], "an asset that was never one of a model")
    yield ("asset.pb", saved(meta(graph(*PLAIN), asset("p:0", "../../../etc/passwd"))), ["MDL104"],
           "an asset outside of the folder")
    yield ("asset_absolute.pb", saved(meta(graph(*PLAIN), asset("p:0", "/etc/passwd"))), ["MDL104"],
           "an asset by its full path")
    yield ("merge.pb", graph(*PLAIN, const("a", "x"), const("b", "/var/lib/other"), node(
        "m", "MergeV2Checkpoints", ["a", "b"])), ["MDL104"], "removes and writes folders")
    yield ("split.pb", field(1, 1) + field(2, field(2, graph(
        *PLAIN, *SAVER, node("s", "SaveV2", ["p", "names", "slices", "read"]))) + field(
        2, graph(const("p", "/home/user/.bashrc")))), ["MDL104"],
        "the path in another part of the graph")


def bad_hidden():
    yield ("pickle.pb", graph(*PLAIN, const("c", PICKLE)), ["PKL001", "PKL002", "PKL003"],
           "a pickle in a text")
    yield ("content.pb", graph(*PLAIN, node("c", "Const", [], {"value": field(8, field(1, 4) + field(
        4, PICKLE))})), ["PKL001", "PKL002", "PKL003"], "a pickle as numbers")
    yield ("attribute.pb", graph(*PLAIN, node("c", "Relu", ["x"], {"_x": text_value(PICKLE)})),
           ["PKL001", "PKL002", "PKL003"], "a pickle in an attribute")
    yield ("object.pb", saved(meta(graph(*PLAIN), field(7, field(1, field(4, field(1, "x") + field(
        3, PICKLE)))))), ["PKL001", "PKL002", "PKL003"], "a pickle in an object's metadata")
    yield ("collection.pb", saved(meta(graph(*PLAIN), entry(4, "c", field(2, field(1, PICKLE))))),
           ["PKL001", "PKL002", "PKL003"], "a pickle in a collection")
    lambda_layer = {"class_name": "Lambda", "config": {"name": "l", "function": {
        "class_name": "__lambda__", "config": {"code": "4wAAAAA=", "defaults": None,
                                               "closure": None}}}}
    keras = {"class_name": "Sequential", "name": "s", "config": {
        "name": "s", "layers": [lambda_layer]}}
    yield ("keras_metadata.pb", field(1, field(2, 1) + field(3, "root") + field(
        4, "_tf_keras_sequential") + field(5, json.dumps(keras))), [],
        "a Lambda layer in the metadata of Keras")
    yield ("old_keras.pb", saved(meta(graph(*PLAIN), field(7, field(1, field(4, field(
        1, "_tf_keras_sequential") + field(3, json.dumps(keras))))))), [],
        "a Lambda layer where Keras had it before TensorFlow 2.5")
    yield ("records.tfrecord", record(PICKLE), ["PKL001", "PKL002", "PKL003"], "a record that is a pickle")


def bad_broken():
    whole = model(node("w", "WriteFile"))
    yield "saved_model.pb", whole[:-3], ["ENG002", "ENG001"], "cut short"
    yield "saved_model.pb", field(1, 1) + b"\x12\xff\xff\xff\xff\x0f" + whole, ["ENG002", "ENG001"], "a length that lies"
    deep = field(6, 1)
    for _ in range(2000):
        deep = func_value("f", entry(2, "a", deep))
    yield ("deep.pb", graph(*PLAIN, node("n", "Relu", [], {"f": deep})), ["ENG002", "ENG001"],
           "functions in attributes, two thousand deep")
    yield "version.pb", field(1, 9) + field(2, meta(graph(*PLAIN))), ["ENG002", "ENG001"], "a version that is not known"
    yield ("text.pbtxt", b'node { name: "x" op: "Relu" } node { name: "w" op: "Write\\x46ile" }',
           ["MDL160"], "text form, the name with an escape")
    yield ("text2.pbtxt", b'node < name: "x"; op: "Wri" \'teFile\' >', ["MDL160"],
           "text form, the name in two parts")
    yield ("text3.pbtxt", b'# a comment\nnode: [{name: "x" op: "Relu"}, {name: "w" op: "ReadFile"}]',
           ["MDL161"], "text form, nodes as a list")
    yield ("saved_model.pbtxt", b'saved_model_schema_version: 1 meta_graphs { graph_def { library {'
           b' function { signature { name: "f" } node_def { name: "w" op: "EagerPyFunc" } } } } }',
           ["MDL163"], "text form of a SavedModel, in a function")
    yield ("text4.pbtxt", b'node { name: "x" op: "Relu" } node { name: "y" op: "Relu" ',
           ["ENG002", "ENG001"], "text form without its end")
    yield ("text5.pbtxt", b'node { name: "p" op: "Const" attr { key: "value" value { tensor { '
           b'string_val: "\\057etc\\057passwd" } } } } node { name: "t" op: "HashTableV2" } node { '
           b'name: "i" op: "InitializeTableFromTextFileV2" input: "t" input: "p" }', ["MDL104"],
           "text form, a path in octal")


def bad_lite():
    yield "custom.tflite", lite([custom("MyOwnOp")]), ["MDL165"], "a custom operator"
    yield ("flex_write.tflite", flex("WriteFile", node("w", "WriteFile")), ["MDL160"],
           "WriteFile through Flex")
    yield ("flex_read.tflite", flex("ReadFile", node("r", "ReadFile")), ["MDL161"],
           "ReadFile through Flex")
    yield ("flex_python.tflite", flex("EagerPyFunc", node("r", "EagerPyFunc")), ["MDL163"],
           "Python through Flex")
    yield ("flex_lies.tflite", flex("Abs", node("r", "WriteFile"), "Abs"), ["MDL160"],
           "Flex runs the node in the options, not the name")
    yield ("flex_bare.tflite", lite([custom("FlexAbs")], [operator(options=b"\1\2\3")]),
           ["ENG002", "ENG001"], "options of Flex that cannot be read")
    yield ("second_code.tflite", lite([builtin(0), custom("FlexReadFile")], [operator()]),
           ["MDL161"], "a code that no operator uses")
    yield ("old_code.tflite", lite([Table(f0=("i", 1, 32), f1=("s", "MyOwnOp"))]), ["MDL165"],
           "custom by the old field alone")
    yield "input.tflite", lite(operators=[operator(inputs=(7,))]), ["MDL171"], "an input out of range"
    yield "output.tflite", lite(operators=[operator(outputs=(-2,))]), ["MDL171"], "a negative output"
    yield "code.tflite", lite(operators=[operator(code=3)]), ["MDL171"], "a code out of range"
    yield "buffer.tflite", lite(tensors=[tensor("a", 99), tensor("b")]), ["MDL171"], "a buffer out of range"
    yield ("extent.tflite", lite(buffers=[Table(), Table(f1=("i", 8, 1 << 62), f2=("i", 8, 1 << 63))]),
           ["MDL171"], "64-bit extents beyond the file")
    yield ("options.tflite", lite([custom("TFLite_Detection_PostProcess")], [operator(
        f9=("i", 8, 100), f10=("i", 8, 1 << 40))]), ["MDL171"], "large options beyond the file")
    yield ("while.tflite", lite([builtin(119)], [operator(f3=("i", 1, 93), f4=("t", Table(
        f0=("i", 4, 5), f1=("i", 4, -7))))]), ["MDL171"], "a loop over a subgraph that is not there")
    yield ("signature.tflite", lite(f7=("v", [Table(f4=("i", 4, 9))])), ["MDL171"],
           "a signature of no subgraph")
    yield ("map.tflite", lite(f7=("v", [Table(f0=("v", [Table(f0=("s", "x"), f1=("i", 4, 77))]),
                                              f4=("i", 4, 0))])), ["MDL171"], "a signature of no tensor")
    yield "metadata.tflite", lite(f6=("v", [Table(f0=("s", "m"), f1=("i", 4, 50))])), ["MDL171"], "metadata of no buffer"
    yield "external.tflite", lite(f8=("v", [Table(f0=("s", "/etc/passwd"))])), ["MDL104"], "buffers of another file"
    yield "unknown.tflite", lite([builtin(4000)]), ["MDL175"], "an operator that does not exist"
    yield "no_identifier.tflite", lite([custom("FlexWriteFile")], identifier=b"\0\0\0\0"), ["MDL160", "ENG002"], "without its identifier"
    yield "version.tflite", lite(version=9), ["ENG002", "ENG001"], "a version that is not known"
    yield "cut.tflite", lite()[:120], ["ENG002", "ENG001"], "cut short"
    yield "pickle.tflite", lite(buffers=[Table(), Table(f0=("b", PICKLE))]), ["PKL001", "PKL002", "PKL003"], "a pickle in a buffer"


def bad_checkpoints():
    name = "variables.index"
    yield name, table([header(), tensor_entry(b"a", 1, [2], 0, 80)]), ["MDL172"], "longer than its shape"
    yield (name, table([header(), tensor_entry(b"a", 1, [4], 0, 16), tensor_entry(b"b", 1, [4], 8, 16)]),
           ["MDL172"], "two tensors share bytes")
    yield name, table([header(), tensor_entry(b"a", 1, [2], 0, 8, 3)]), ["MDL172"], "a shard that is not there"
    yield (name, table([header(), tensor_entry(b"b", 1, [2], 0, 8), tensor_entry(b"a", 1, [2], 8, 8)]),
           ["MDL172"], "names out of order")
    yield name, table([header(), tensor_entry(b"a", 1, [2], 0, 8)], wrong=True), ["ENG002", "ENG001"], "a wrong checksum"
    yield name, table([header(), tensor_entry(b"a", 1, [2], 0, 8)], 7), ["ENG002", "ENG001"], "an unknown compression"
    yield name, table([header(1 << 40), tensor_entry(b"a", 1, [2], 0, 8)]), ["ENG002", "ENG001"], "too many shards"
    yield name, table([(b"key", b"value")]), ["MDL066"], "a database that is no checkpoint"
    yield "checkpoint", b'model_checkpoint_path: "../../other/ckpt"\n', ["MDL104"], "a checkpoint elsewhere"
    yield "cut.tfrecord", record(b"\x0a\x00" * 20)[:-10], ["ENG002", "ENG001"], "a record cut short"
    yield "crc.tfrecord", record(b"\x0a\x00" * 20)[:-2] + b"xx", ["ENG002", "ENG001"], "a wrong checksum"


def good():
    yield "plain.pb", graph(*PLAIN), [], "a graph"
    yield "saved_model.pb", model(), [], "a SavedModel"
    yield ("names.pb", graph(*PLAIN, node("WriteFile", "Relu", ["x"]), const(
        "os.system", "WriteFile", "PyFunc", "/etc/passwd")), [],
        "names and texts that look like operators")
    yield ("function_name.pb", graph(*PLAIN, node("c", "my_function", ["x"]), node(
        "d", "PartitionedCall", ["x"], {"f": func_value("my_function")}), lib=library(
        function("my_function", *PLAIN))), [], "a function called as an operator")
    yield ("saver.pb", graph(*PLAIN, *SAVER, const("part", "_temp/part"), node(
        "j", "StringJoin", ["saver_filename", "part"]), node("s", "SaveV2", [
            "j", "names", "slices", "read"]), node("m", "MergeV2Checkpoints", [
                "j", "saver_filename"]), node("r", "RestoreV2", [
                    "saver_filename", "names", "slices"])), [], "what every SavedModel has")
    yield ("restore.pb", graph(*PLAIN, *SAVER, const("p", "/home/me/bert/bert_model.ckpt"), node(
        "r", "RestoreV2", ["p", "names", "slices"])), [], "began with a checkpoint of the author's")
    yield ("asset.pb", saved(meta(graph(*PLAIN, node("t", "HashTableV2"), const(
        "p", "/home/me/vocab.txt"), node("i", "InitializeTableFromTextFileV2", ["t", "p"])),
        asset("p:0", "vocab.txt"))), [], "an asset, whose old path is in the graph")
    yield ("print.pb", graph(*PLAIN, node("p", "PrintV2", ["x"], {
        "output_stream": text_value("stderr")})), [], "prints on the console")
    yield ("debug.pb", graph(*PLAIN, node("d", "DebugIdentity", ["x"], {
        "debug_urls": field(1, b"")})), [], "a debugging operator without an address")
    yield ("text_ops.pb", graph(*PLAIN, node("t", "SentencepieceTokenizeOp", ["x"]), node(
        "u", "TFText>WhitespaceTokenizeWithOffsetsV2", ["x"]), node(
        "v", "Addons>BitwiseHash", ["x"]), node("w", "SimpleMLInferenceOpWithHandle", ["x"])),
        [], "operators of well-known libraries")
    yield ("cluster.pb", graph(*PLAIN, node("c", "CollectiveReduceV2", ["x"])), [],
           "trained on many machines")
    yield ("paths_as_words.pb", graph(*PLAIN, const("words", "/", "..", "a/b", "~", "C:"), node(
        "c", "StatefulPartitionedCall", ["words"], {"f": func_value("f")}), lib=library(
        function("f", *PLAIN))), [], "words that look like paths, handed to a function")
    yield ("regex.pb", graph(*PLAIN, const("re", "/[a-z]+/(x|y)*/"), node(
        "c", "StatefulPartitionedCall", ["re"], {"f": func_value("f")}), lib=library(
        function("f", *PLAIN))), [], "a pattern with slashes")
    yield ("text.pbtxt", b'node {\n  name: "x"\n  op: "Placeholder"\n  attr {\n    key: "dtype"\n'
           b'    value { type: DT_FLOAT }\n  }\n}\nversions { producer: 1205 }\n', [], "text form")
    yield "tfhub_module.pb", b"\x08\x03", [], "what TensorFlow Hub adds"
    yield ("tfjs", {"model.json": tfjs({"name": "y", "op": "_FusedMatMul", "input": ["x"]},
                                       {"name": "z", "op": "Prelu"}),
                    "group1-shard1of1.bin": bytes(64)}, [], "a graph model of TF.js")
    yield "plain.tflite", lite(), [], "a model for phones"
    yield "optional.tflite", lite(operators=[operator(inputs=(0, -1))]), [], "an input left out"
    yield ("flex.tflite", flex("StringUpper", node("u", "StringUpper")), [],
           "ordinary operators of TensorFlow within it")
    yield "detect.tflite", lite([custom("TFLite_Detection_PostProcess")]), [], "a known custom operator"
    labels = io.BytesIO()
    with zipfile.ZipFile(labels, "w") as z:
        z.writestr("labels.txt", "cat\ndog\n")
    yield "labels.tflite", lite() + labels.getvalue(), [], "labels behind it, in a zip"
    yield ("variables.index", table([header(2), tensor_entry(b"a", 1, [2, 3], 0, 24),
                                     tensor_entry(b"b", 7, [1], 24, 999),
                                     tensor_entry(b"c", 9, [], 0, 8, 1)]), [], "an index")
    yield ("squeezed.index", table([header(), tensor_entry(b"a", 1, [2], 0, 8)], 1, snappy), [],
           "an index, compressed")
    yield ("version1.ckpt", table([(b"", field(1, field(1, field(1, "a") + field(3, 1)))),
                                   (b"\0a", field(2, b""))]), [], "a checkpoint of version 1")
    yield "checkpoint", b'model_checkpoint_path: "ckpt-3"\nall_model_checkpoint_paths: "ckpt-3"\n', [], "a list"
    yield ("absolute/checkpoint", b'model_checkpoint_path: "/home/me/run/ckpt-3"\n', [],
           "a list with full paths")
    yield "variables.data-00000-of-00001", bytes(range(7, 250, 3)), [], "numbers"
    yield "data.tfrecord", record(field(1, b"abc")) + record(field(1, b"def")), [], "records"
    for path in sorted(p for p in FIXTURES.rglob("*") if p.is_file()):
        if path.suffix == ".meta" or path.name == "graph.pbtxt":
            continue
        yield ("real/" + str(path.relative_to(FIXTURES)), path.read_bytes(), [],
               "as TensorFlow wrote it")
