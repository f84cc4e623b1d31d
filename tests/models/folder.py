"""Folders with a model: what their files say of one another.

The first of each pair is what a hostile or a broken folder looks like; the good ones are folders as
libraries write them, and folders that look odd and are not.
"""
import io
import json
import pickle
import struct
import zipfile


def safetensors(tensors, metadata=None):
    """{name: floats}: tensors of zeros."""
    head, at = ({"__metadata__": metadata} if metadata else {}), 0
    for name, n in tensors.items():
        head[name] = {"dtype": "F32", "shape": [n], "data_offsets": [at, at + 4 * n]}
        at += 4 * n
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(at)


def as_json(value):
    return json.dumps(value, indent=2).encode() + b"\n"


def index(shards, total=None, **more):
    """{shard: names}"""
    names = {name: shard for shard, of in shards.items() for name in of}
    return as_json({"metadata": {"total_size": total if total is not None else 16 * len(names)},
                    "weight_map": names, **more})


class Command:
    def __reduce__(self):
        import os
        return os.system, ("true",)


EVIL = pickle.dumps(Command(), 2)
CONFIG = as_json({"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 4})
CARD = b"---\nlicense: apache-2.0\nlibrary_name: transformers\n---\n# A model\n"
TOKENIZER = as_json({"version": "1.0", "model": {"type": "WordLevel", "vocab": {"a": 0}}})
PLAIN = pickle.dumps({"a": [1.0, 2.0]}, 2)


def torch_zip(body=PLAIN):
    """As torch.save writes a dictionary without tensors."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("archive/data.pkl", body)
        z.writestr("archive/version", "3\n")
    return out.getvalue()


def model(**files):
    """A small model of transformers, with files more or instead; None takes one away."""
    all_files = {"config.json": CONFIG, "README.md": CARD, "tokenizer.json": TOKENIZER,
                 "model.safetensors": safetensors({"a": 4})}
    all_files.update({name.replace("__", "/"): data for name, data in files.items()})
    return {name: data for name, data in all_files.items() if data is not None}


def with_files(base, more):
    return {name: data for name, data in {**base, **more}.items() if data is not None}


def sharded(n=2, stem="model", ending=".safetensors", drop=(), names=None, **index_more):
    """A model in n shards, each with two tensors, and its index."""
    files = {"config.json": CONFIG, "README.md": CARD}
    shards = {}
    for i in range(1, n + 1):
        name = "%s-%05d-of-%05d%s" % (stem, i, n, ending)
        shards[name] = ["layer.%d.w" % i, "layer.%d.b" % i]
        if i not in drop:
            files[name] = safetensors({t: 4 for t in (names or {}).get(i, shards[name])})
    files["%s%s.index.json" % (stem, ending)] = index(shards, **index_more)
    return files


def onnx_with_data(path, length=None):
    """An ONNX model whose one tensor lies in another file."""
    def field(n, data):
        return bytes([n << 3 | 2, len(data)]) + data
    entries = [("location", path)] + ([("offset", "0"), ("length", str(length))] if length else [])
    data = b"".join(field(13, field(1, k.encode()) + field(2, v.encode())) for k, v in entries)
    tensor = b"\x08\x04\x10\x01" + field(8, b"w") + data + b"\x70\x01"
    dim = field(1, b"\x08\x04")
    kind = field(2, field(1, b"\x08\x01" + field(2, dim)))
    graph = (field(1, field(1, b"w") + field(2, b"y") + field(4, b"Identity")) + field(2, b"g") +
             field(5, tensor) + field(12, field(1, b"y") + kind))
    return b"\x08\x08" + b"\x3a" + bytes([len(graph)]) + graph + field(8, b"\x10\x11")


def bad():
    yield ("refused part", model(**{"pytorch_model.bin": torch_zip(EVIL)}), ["MDL373"],
           "the pickle that is not loaded runs a command")
    yield ("refused part that is loaded", model(**{"model.safetensors": None,
                                                   "pytorch_model.bin": torch_zip(EVIL)}),
           ["MDL370"], "the weights run a command")
    yield ("refused deep within", with_files(model(), {"a/b/c/d.pkl": EVIL}), ["MDL373"],
           "a pickle in a folder within")
    yield ("refused training state", model(**{"training_args.bin": EVIL}), ["MDL373"],
           "not opened to load a model, and yet it lies there")
    yield ("refused variant", model(**{"pytorch_model.fp16.bin": EVIL}), ["MDL373"],
           "variant=\"fp16\" opens it")
    yield ("broken weights", model(**{"model.safetensors": safetensors({"a": 4})[:-8]}),
           ["MDL372"], "the weights are cut off")
    yield ("unknown weights", model(**{"weights.dat": b"\x93\x01\x02\x88" * 40 + b"\xff\x00" * 9}),
           ["MDL372", "MDL371"], "nobody knows what it is")
    yield ("code beside", with_files(model(), {
        "config.json": as_json({"model_type": "x", "auto_map": {"AutoModel": "modeling_x.X"}}),
        "modeling_x.py": b"import subprocess\nsubprocess.run(['id'])\nclass X: pass\n"}),
           ["MDL370"], "the code that the configuration names starts a program")
    yield ("code in a folder within", with_files(model(), {
        "config.json": as_json({"model_type": "x", "auto_map": {"AutoModel": "m.X"}}),
        "m.py": b"from .deep import run\nclass X: pass\n",
        "deep.py": b"import os\nrun = os.system('id')\n"}), ["MDL370"],
           "the code behind the code starts a program")
    yield ("missing shard", sharded(3, drop=(2,)), ["MDL378"], "the second shard is not there")
    yield ("missing shard without index", with_files(sharded(3, drop=(2,)), {
        "model.safetensors.index.json": None}), ["MDL378"], "two of three, by their names")
    yield ("missing last shard", with_files(sharded(3, drop=(3,)), {
        "model.safetensors.index.json": None}), ["MDL378"], "the third of three")
    yield ("missing first shard", with_files(sharded(3, drop=(1,)), {
        "model.safetensors.index.json": None}), ["MDL378"], "the first of three")
    yield ("only an index", sharded(2, drop=(1, 2)), ["MDL378"], "an index and no shard")
    yield ("stray shard", with_files(sharded(2), {
        "model-00003-of-00003.safetensors": safetensors({"c": 4})}), ["MDL380", "MDL378"],
           "a shard that the index does not name")
    yield ("stray shard among its own", with_files(sharded(3, drop=(3,)), {
        "model.safetensors.index.json": index({
            "model-00001-of-00003.safetensors": ["layer.1.w", "layer.1.b"],
            "model-00002-of-00003.safetensors": ["layer.2.w", "layer.2.b"]}),
        "model-00003-of-00003.safetensors": safetensors({"backdoor": 4})}), ["MDL380"],
           "complete by number, and the index leaves one out")
    yield ("other names in a shard", sharded(2, names={2: ["layer.2.w", "layer.2.x"]}),
           ["MDL381"], "as many tensors, another name")
    yield ("more in a shard", sharded(2, names={2: ["layer.2.w", "layer.2.b", "layer.1.w"]}),
           ["MDL381"], "a tensor that the index gives to the other shard")
    yield ("fewer in a shard", sharded(2, names={1: ["layer.1.w"]}), ["MDL381"],
           "a tensor is missing")
    yield ("swapped shards", sharded(2, names={1: ["layer.2.w", "layer.2.b"],
                                               2: ["layer.1.w", "layer.1.b"]}),
           ["MDL381"], "each holds what the other should")
    yield ("index names a tensor twice", with_files(sharded(2), {
        "model.safetensors.index.json": b'{"weight_map": {"layer.1.w": "model-00001-of-00002.'
        b'safetensors", "layer.1.w": "model-00002-of-00002.safetensors"}}'}), ["MDL382", "MDL381"],
           "the last one counts, or the first")
    yield ("index that climbs", with_files(sharded(2), {
        "model.safetensors.index.json": index({"../x.safetensors": ["a"]})}),
           ["MDL104", "MDL371", "MDL370"], "a shard outside of the model")
    yield ("index with an address", with_files(sharded(2), {
        "model.safetensors.index.json": index({"https://example.org/x.safetensors": ["a"]})}),
           ["MDL104", "MDL371", "MDL370"], "a shard on another machine")
    yield ("two configurations", with_files(model(), {"CONFIG.JSON": as_json({"model_type": "y"})}),
           ["MDL386"], "one replaces the other on a disk without case")
    yield ("two forms of one name", with_files(model(), {
        "caf\u00e9.json": b"{}\n", "cafe\u0301.json": b"{}\n"}), ["MDL386"],
           "the same letters in two forms")
    yield ("wide letters", with_files(model(), {"\uff43onfig.json": b"{}\n"}), ["MDL386"],
           "a name that is another's by compatibility")
    yield ("gguf split", {"README.md": CARD, "m-00001-of-00003.gguf": gguf(),
                          "m-00003-of-00003.gguf": gguf()}, ["MDL378"], "the second part is missing")
    yield ("onnx without data", {"model.onnx": onnx_with_data("weights.data", 16)},
           ["MDL378"], "its tensors are not there")
    yield ("onnx with too little data", {"model.onnx": onnx_with_data("weights.data", 16),
                                         "weights.data": b"abcd\n"}, ["MDL379", "MDL378"],
           "its tensors end before they should")
    yield ("a saved model's variables", {
        "saved_model.pb": b"", "variables/variables.index": b"\x00" * 8,
        "variables/variables.data-00000-of-00002": bytes(16)}, ["MDL378"],
           "the second of two, counted from 0")
    yield ("a pipeline with one bad part", diffusers(**{
        "unet/diffusion_pytorch_model.bin": torch_zip(EVIL)}), ["MDL373"], "one part of many")


def gguf():
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 0)


def diffusers(**more):
    part = as_json({"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.30.0"})
    files = {"model_index.json": as_json({"_class_name": "StableDiffusionPipeline",
                                          "unet": ["diffusers", "UNet2DConditionModel"]}),
             "README.md": CARD, "unet/config.json": part, "scheduler/scheduler_config.json": part,
             "unet/diffusion_pytorch_model.safetensors": safetensors({"a": 4}),
             "text_encoder/config.json": CONFIG,
             "text_encoder/model.safetensors": safetensors({"b": 4})}
    files.update(more)
    return files


def good():
    yield ("plain", model(), [], "a small model as transformers saves it")
    yield ("pickle with a twin", model(**{"pytorch_model.bin": torch_zip()}), ["MDL376"],
           "an innocent pickle beside its safetensors")
    yield ("pickle alone", model(**{"model.safetensors": None, "pytorch_model.bin": torch_zip()}),
           ["MDL377"], "an innocent pickle")
    yield ("sharded", sharded(2), [], "as large models are saved")
    yield ("sharded, many", sharded(12), [], "twelve shards")
    yield ("sharded, another size", sharded(2, total=12345), ["MDL383"],
           "a number that nobody reads is wrong")
    yield ("sharded twice", with_files(sharded(2), {
        "pytorch_model-00001-of-00002.bin": torch_zip(), "pytorch_model-00002-of-00002.bin": torch_zip(),
        "pytorch_model.bin.index.json": index({"pytorch_model-00001-of-00002.bin": ["a"],
                                               "pytorch_model-00002-of-00002.bin": ["b"]})}), [],
           "shards in both forms")
    yield ("variants", with_files(model(), {"model.fp16.safetensors": safetensors({"a": 2})}), [],
           "half precision beside")
    yield ("pipeline", diffusers(), [], "as diffusers saves it")
    yield ("pipeline with pickles", diffusers(**{"unet/diffusion_pytorch_model.bin": torch_zip()}),
           ["MDL376"], "old weights left beside")
    yield ("names that are only alike", with_files(model(), {"config_old.json": b"{}\n",
                                                             "a/config.json": b"{}\n"}), [],
           "the same name in two folders")
    yield ("gguf parts", {"README.md": CARD, "m-00001-of-00002.gguf": gguf(),
                          "m-00002-of-00002.gguf": gguf()}, [], "both parts are there")
    yield ("license file", with_files(model(), {"README.md": None, "LICENSE": b"MIT License\n"}), [],
           "licensed by a file")
    yield ("a name like a shard", with_files(model(), {"notes-00001-of-00009.txt": b"page one\n"}),
           [], "prose in parts is no weights")
    yield ("sentence-transformers", with_files(model(), {
        "modules.json": as_json([{"idx": 0, "name": "0", "path": "",
                                  "type": "sentence_transformers.models.Transformer"}]),
        "config_sentence_transformers.json": as_json({"__version__": {"pytorch": "2.4.0"}}),
        "1_Pooling/config.json": as_json({"pooling_mode_mean_tokens": True})}), [],
           "as sentence-transformers saves it")
    yield ("adapter", {"adapter_config.json": as_json({"peft_type": "LORA", "r": 8}),
                       "adapter_model.safetensors": safetensors({"a": 4}), "README.md": CARD}, [],
           "as PEFT saves it")
    yield ("index by another name", with_files(sharded(2), {
        "model.safetensors.index.json": None,
        "model.safetensors.index.fp16.json": index({
            "model-00001-of-00002.safetensors": ["layer.1.w", "layer.1.b"],
            "model-00002-of-00002.safetensors": ["layer.2.w", "layer.2.b"]})}), [],
           "the index of a variant")
    yield ("downloaded", with_files(model(), {
        ".gitattributes": b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n",
        ".cache/huggingface/.gitignore": b"*",
        ".cache/huggingface/download/config.json.lock": b"",
        ".cache/huggingface/download/config.json.metadata": b"abc\ndef\n1700000000.1\n"}), [],
           "as huggingface_hub leaves a folder")
    yield ("escaped names", {"config.json": CONFIG, "README.md": CARD,
                             "model.safetensors.index.json":
                             b'{"weight_map": {"l\\u0061yer": "model-00001-of-00001.safetensors"}}',
                             "model-00001-of-00001.safetensors": safetensors({"layer": 4})}, [],
           "an escape in the index names the same tensor")
