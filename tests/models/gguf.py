"""Cases of GGUF files and Jinja templates: hostile ones, and good ones that look alike.

bad() and good() yield (name, bytes or {path: bytes}, rule ids that may stop it, why).
"""
import pathlib
import pickle
import struct

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"

# ---- a writer of GGUF ----


def text(s):
    s = s if isinstance(s, bytes) else s.encode()
    return struct.pack("<Q", len(s)) + s


def kv(key, kind, value):
    return text(key) + struct.pack("<I", kind) + value


def string(key, value):
    return kv(key, 8, text(value))


def u32(key, value):
    return kv(key, 4, struct.pack("<I", value))


def array(key, kind, items):
    return kv(key, 9, struct.pack("<IQ", kind, len(items)) + b"".join(items))


def tensor(name, dims, kind, offset):
    return (text(name) + struct.pack("<I", len(dims)) +
            b"".join(struct.pack("<Q", d) for d in dims) + struct.pack("<IQ", kind, offset))


def gguf(values=(), tensors=(), data=b"", version=3, counts=None, align=32):
    n = counts or (len(tensors), len(values))
    head = (b"GGUF" + struct.pack("<IQQ", version, *n) + b"".join(values) + b"".join(tensors))
    return head + (b"\0" * (-len(head) % align) + data if tensors else b"")


LLAMA = string("general.architecture", "llama")
F32 = 0


def old(magic, version=None, tokens=(b"a", b"bc"), tensors=(), scores=True, aligned=True, pad=b"\0"):
    """A file of llama.cpp before GGUF; tensors: (name, dims, type, bytes)."""
    out = magic + (struct.pack("<I", version) if version else b"")
    if magic == b"algg":
        out += struct.pack("<II", 8, 16)
    else:
        out += struct.pack("<7I", len(tokens), 64, 256, 4, 2, 16, 2)
        for t in tokens:
            out += struct.pack("<I", len(t)) + t + (bytes(4) if scores else b"")
    for name, dims, kind, size in tensors:
        out += struct.pack("<3I", len(dims), len(name), kind) + struct.pack("<%dI" % len(dims), *dims)
        out += name
        out += pad * (-len(out) % 32 if aligned else 0) + bytes(size)
    return out


Q4_0 = [(b"tok_embeddings.weight", [64, 2], 2, 72), (b"norm.weight", [64], 0, 256)]
Q4_0_OLD = [(b"tok_embeddings.weight", [64, 2], 2, 80), (b"norm.weight", [64], 0, 256)]


def with_template(template, key="tokenizer.chat_template"):
    return gguf([LLAMA, string(key, template)])


# ---- templates: each is tried as chat_template.jinja, and some inside of a GGUF file ----

INTERNALS = {
    "chain": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "subscript": "{{ ''['__cla' + 'ss__'] }}",
    "tilde": "{% set a = '__cla' %}{% set b = 'ss__' %}{{ x[a ~ b] }}",
    "hex": "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "octal": "{{ ''|attr('\\137\\137class__') }}",
    "unicode": "{{ x['\\u005f\\u005fclass\\u005f\\u005f'] }}",
    "named_character": "{{ ''|attr('\\N{LOW LINE}_class__') }}",
    "neighbours": "{{ x['__class' '__'] }}",
    "join": "{{ ''|attr(['__', 'class', '__']|join) }}",
    "join_method": "{{ ''|attr(''.join(['__', 'class', '__'])) }}",
    "reverse": "{{ ''|attr('__ssalc__'|reverse) }}",
    "slice": "{{ ''|attr('__ssalc__'[::-1]) }}",
    "cut": "{{ ''|attr('a__class__'[1:]) }}",
    "lower": "{{ ''|attr('__CLASS__'|lower) }}",
    "replace": "{{ ''|attr('XXclassXX'|replace('X', '_')) }}",
    "replace_method": "{{ ''|attr('XXclassXX'.replace('X', '_')) }}",
    "format_filter": "{{ ''|attr('%s%sclass%s%s'|format('_', '_', '_', '_')) }}",
    "format_codes": "{{ ''|attr('%c%cclass%c%c'|format(95, 95, 95, 95)) }}",
    "percent": "{{ ''|attr('%sclass%s' % ('__', '__')) }}",
    "format_method": "{{ ''|attr('{0}{0}class{0}{0}'.format('_')) }}",
    "format_string": "{{ '{0.__class__}'.format(x) }}",
    "format_string_named": "{{ '{x.__init__.__globals__}'.format(x=messages) }}",
    "format_map": "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "split": "{{ ''|attr('__class__,x'.split(',')|first) }}",
    "strip": "{{ x[' __class__ '.strip()] }}",
    "tags": "{{ ''|attr('<b>__cl</b>ass__'|striptags) }}",
    "indent": "{{ y['__class__'|indent] }}",
    "json": "{{ y['__class__'|tojson|safe] }}",
    "shortened": "{{ y['__class__'|truncate(9)] }}",
    "repeat": "{{ 1|attr('_' * 2 ~ 'class' ~ '_' * 2) }}",
    "macro": "{% macro m(n) %}{{ x|attr('__' ~ n ~ '__') }}{% endmacro %}{{ m('class') }}",
    "macro_output": "{% macro m(n) %}__{{ n }}__{% endmacro %}{{ x|attr(m('class')) }}",
    "varargs": "{% macro m() %}{{ x[varargs[0]] }}{% endmacro %}{{ m('__class__') }}",
    "kwargs": "{% macro m() %}{{ x[kwargs.n] }}{% endmacro %}{{ m(n='__class__') }}",
    "namespace": "{% set ns = namespace(a='') %}{% for c in ['__', 'class', '__'] %}"
                 "{% set ns.a = ns.a ~ c %}{% endfor %}{{ x|attr(ns.a) }}",
    "append": "{% set l = [] %}{% for c in 'ssalc' %}{% set _ = l.append(c) %}{% endfor %}"
              "{{ x|attr('__' ~ (l|reverse|join) ~ '__') }}",
    "dict_name": "{{ x[dict(__class__=1)|first] }}",
    "dict_names": "{{ x[dict(__cla=1, ss__=2)|join] }}",
    "dict_value": "{{ x[{'a': '__class__'}['a']] }}",
    "dict_items": "{% for k, v in {'__class__': 1}.items() %}{{ x[k] }}{% endfor %}",
    "update": "{% set d = {} %}{% set _ = d.update({'k': '__class__'}) %}{{ x[d.k] }}",
    "unpacked": "{% set a, b = '__class__', 'x' %}{{ x[a] }}",
    "with": "{% with a = '__class__' %}{{ x[a] }}{% endwith %}",
    "set_block": "{% set x %}__class__{% endset %}{{ ''[x] }}",
    "branch": "{% if a %}{% set n = '__cla' %}{% else %}{% set n = 'foo' %}{% endif %}{{ z[n ~ 'ss__'] }}",
    "late_item": "{% for i in [1, 2] %}{% if i == 2 %}{{ x[['a', 'b', '__class__'][i]] }}{% endif %}{% endfor %}",
    "recursion": "{% macro r(s, n) %}{% if n > 0 %}{{ r(s ~ '_', n - 1) }}{% else %}"
                 "{{ x|attr(s ~ 'class__') }}{% endif %}{% endmacro %}{{ r('', 2) }}",
    "map_attribute": "{{ [x]|map(attribute='__class__')|list }}",
    "map_attr": "{{ [x]|map('attr', '__class__')|list }}",
    "selectattr": "{{ [x]|selectattr('__class__')|list }}",
    "groupby": "{{ [x]|groupby('a.__class__') }}",
    "sort": "{{ [x]|sort(attribute='__class__') }}",
    "sum": "{{ [x]|sum(attribute='__class__') }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "generator": "{{ ('a'|map('upper')).gi_frame.f_globals }}",
    "mro": "{{ x.mro() }}",
    "in_test": "{{ x is sameas x.__class__ }}",
    "in_loop_filter": "{% for i in x if i.__class__ %}{% endfor %}",
    "in_default": "{% macro m(a=x.__class__) %}{% endmacro %}",
    "in_dead_branch": "{% if false %}{{ x.__class__ }}{% endif %}",
    "in_empty_loop": "{% for i in [] %}{{ x.__class__ }}{% endfor %}",
    "in_call_block": "{% call(a) f() %}{{ a.__class__ }}{% endcall %}",
    "in_filter_block": "{% filter upper %}{{ x.__class__ }}{% endfilter %}",
    "in_block": "{% block b %}{{ x.__class__ }}{% endblock %}",
    "in_generation": "{% generation %}{{ x.__class__ }}{% endgeneration %}",
    "after_raw": "{% raw %}{{ fine }}{% endraw %}{{ x.__class__ }}",
    "lines": "{{ x\n .\n __class__ }}",
    "behind_padding": "{# " + "x" * 50000 + " #}" + "{{ messages[0].content }}\n" * 1000 +
                      "{{ x.__class__ }}",
    "behind_work": "{% for a in range(99) %}{% for b in range(99) %}{% for c in range(9) %}{{ a }}"
                   "{% endfor %}{% endfor %}{% endfor %}{{ x|attr('__class__') }}",
}

OTHERS = {
    "context": ("{{ self._TemplateReference__context }}", {"MDL221"}),
    "popen": ("{{ tools.popen('id') }}", {"MDL221"}),
    "system": ("{{ os.system('id') }}", {"MDL221"}),
    "config": ("{{ config.from_object('x') }}", {"MDL221"}),
    "request_argument": ("{{ x|attr(request.args.a) }}", {"MDL222"}),
    "message_as_name": ("{{ ''[messages[0].content] }}", {"MDL222"}),
    "letters_of_a_function": ("{{ x|attr((lipsum|string)[18] * 2 ~ 'class') }}", {"MDL222"}),
    "random": ("{{ x[('a', '__class__')|random] }}", {"MDL220", "MDL222"}),
    "unknown_filter": ("{{ x['5f5f'|unhex] }}", {"MDL222"}),
    "call_of_computed": ("{{ x[a][b](c) }}", {"MDL222"}),
    "include": ("{% include 'a' %}", {"MDL223"}),
    "import": ("{% import 'a' as b %}", {"MDL223"}),
    "from": ("{% from a import b with context %}", {"MDL223"}),
    "extends": ("{% extends x %}", {"MDL223"}),
    "range": ("{% for i in range(10**9) %}{% endfor %}", {"MDL224"}),
    "repeated": ("{{ 'x' * 10**9 }}", {"MDL224"}),
    "loops": ("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
              {"MDL224"}),
    "lipsum_long": ("{{ lipsum(n=10000000) }}", {"MDL224"}),
    "padded": ("{{ 'a'|center(10**9) }}", {"MDL224"}),
    "width": ("{{ '%1000000000d'|format(1) }}", {"MDL224"}),
    "tag": ("{% launch %}", {"MDL225"}),
    "unclosed": ("{% if x %}{{ y }}", {"MDL225"}),
    "deep": ("{{ " + "(" * 5000 + "x" + ")" * 5000 + " }}", {"MDL225"}),
    "deep_blocks": ("{% if x %}" * 2000 + "{% endif %}" * 2000, {"MDL225"}),
    "order": ("{{ x }}\u202e", {"MDL226"}),
    "tag_characters": ("{{ x }}\U000e0041", {"MDL226"}),
}


def bad_templates():
    for name, template in INTERNALS.items():
        yield ("template-" + name, {"chat_template.jinja": template.encode()}, {"MDL220"},
               "reaches Python's internals: " + name)
    for name, (template, ids) in OTHERS.items():
        yield "template-" + name, {"chat_template.jinja": template.encode()}, ids, name
    for name in ("chain", "macro", "namespace", "format_string", "cycler"):
        yield "gguf-template-" + name, with_template(INTERNALS[name]), {"MDL220"}, name


def bad_files():
    evil = INTERNALS["cycler"]
    yield ("named-template", with_template(evil, "tokenizer.chat_template.tool_use"), {"MDL220"},
           "a template by another name than the first")
    yield "template-elsewhere", with_template(evil, "llama.system"), {"MDL220"}, "in any value"
    yield ("template-in-array", gguf([LLAMA, array("tokenizer.chat_templates", 8, [text(evil)])]),
           {"MDL220"}, "an array of templates")
    yield ("second-template", gguf([LLAMA, string("tokenizer.chat_template", "{{ x }}"),
                                    string("tokenizer.chat_template", evil)]),
           {"MDL220"}, "the key given twice, the second one hostile")
    big = (b"GGUF" + struct.pack(">IQQ", 3, 0, 1) + struct.pack(">Q", 23) +
           b"tokenizer.chat_template" + struct.pack(">IQ", 8, len(evil)) + evil.encode())
    yield "big-endian-template", big, {"MDL220"}, "in the other byte order"
    old = (b"GGUF" + struct.pack("<III", 1, 0, 1) + struct.pack("<I", 23) +
           b"tokenizer.chat_template" + struct.pack("<II", 8, len(evil)) + evil.encode())
    yield "version-1-template", old, {"MDL220"}, "version 1 has other lengths"
    yield "empty", b"GGUF\x03\0\0\0", None, "cut off behind the version"
    yield "many-keys", gguf([LLAMA], counts=(0, 1 << 60)), None, "CVE-2024-21825: a count past the file"
    yield "many-tensors", gguf([LLAMA], counts=(1 << 61, 1)), None, "CVE-2024-23496: a count that overflows"
    yield ("long-string", gguf([text("a") + struct.pack("<IQ", 8, (1 << 64) - 1)]), None,
           "CVE-2024-23605: a length that overflows with its NUL")
    yield ("long-array", gguf([kv("a", 9, struct.pack("<IQ", 4, 1 << 62))]), None,
           "CVE-2024-21836: count times size overflows")
    yield ("deep-array", gguf([kv("a", 9, struct.pack("<IQ", 9, 1) * 500)]), None,
           "arrays within arrays")
    yield "bad-type", gguf([kv("a", 77, b"")]), None, "a type that is not there"
    yield "version-9", gguf([LLAMA], version=9), None, "a version to come"
    yield "version-0", gguf([LLAMA], version=0), None, "no version at all"
    yield "alignment-0", gguf([u32("general.alignment", 0)]), None, "CVE-2024-25664: divides by it"
    yield "alignment-odd", gguf([u32("general.alignment", 33)]), None, "no power of two"
    yield ("dims", gguf([LLAMA], [tensor("a", [1] * 5, F32, 0)], bytes(32)), None, "five dimensions")
    yield ("overflow", gguf([LLAMA], [tensor("a", [1 << 33, 1 << 33], F32, 0)], bytes(32)), None,
           "CVE-2024-25667: the shape's product overflows")
    yield ("outside", gguf([LLAMA], [tensor("a", [8], F32, 1 << 40)], bytes(32)), None,
           "CVE-2024-25668: bytes past the file")
    yield ("cut", gguf([LLAMA], [tensor("a", [64], F32, 0)], bytes(32)), None, "the data is cut off")
    yield ("rows", gguf([LLAMA], [tensor("a", [33], 8, 0)], bytes(64)), None, "half a block")
    yield ("misaligned", gguf([LLAMA], [tensor("a", [8], F32, 8)], bytes(64)), None, "off its place")
    yield ("unknown-type", gguf([LLAMA], [tensor("a", [8], 200, 0)], bytes(64)), {"MDL234"}, "type 200")
    yield ("overlap", gguf([LLAMA], [tensor("a", [16], F32, 0), tensor("b", [16], F32, 32)],
                           bytes(96)), {"MDL232"}, "tensors share bytes")
    payload = pickle.dumps(eval) + b"x"
    yield ("hidden", gguf([LLAMA], [tensor("a", [8], F32, 0), tensor("b", [8], F32, 4096)],
                          bytes(32) + payload.ljust(4064, b"\0") + bytes(32)), {"MDL233"},
           "a pickle between the tensors")
    yield ("behind", gguf([LLAMA], [tensor("a", [8], F32, 0)], bytes(32) + payload), None,
           "a pickle behind the last tensor")
    code = b"\x80\x04\x95\x1b\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."
    yield ("pickle-in-array", gguf([LLAMA, kv("a.b", 9, struct.pack("<IQ", 0, len(code)) + code)]),
           None, "a pickle in an array of bytes")
    yield ("pickle-in-string", gguf([LLAMA, string("a.b", code)]), None, "a pickle in a string")
    yield "key-twice", gguf([LLAMA, LLAMA]), {"MDL230"}, "a key given twice"
    yield "key-control", gguf([string("a\x00b", "x")]), {"MDL231"}, "NUL in a key"
    yield ("tensor-long-name", gguf([LLAMA], [tensor("a" * 4096, [8], F32, 0)], bytes(32)),
           {"MDL231"}, "longer than the buffers of readers")
    tokens = array("tokenizer.ggml.tokens", 8, [text("a")] * 10)
    yield ("few-scores", gguf([LLAMA, tokens, array("tokenizer.ggml.scores", 6, [bytes(4)])]),
           {"MDL235"}, "fewer scores than tokens")
    yield ("special", gguf([LLAMA, tokens, u32("tokenizer.ggml.bos_token_id", 500)]), {"MDL235"},
           "a special token that is not there")
    yield ("architecture-type", gguf([u32("general.architecture", 1)]), {"MDL236"},
           "a number where a text belongs")


def bad_old():
    yield "ggjt-cut", old(b"tjgg", 3, tensors=Q4_0)[:-1], None, "a byte short"
    yield "ggjt-behind", old(b"tjgg", 3, tensors=Q4_0) + b"\x80\x04N.", None, "bytes behind the tensors"
    yield "ggjt-version-9", old(b"tjgg", 9, tensors=Q4_0), None, "a version that never was"
    yield "ggjt-sizes", old(b"tjgg", 3, tensors=Q4_0_OLD), None, "blocks of another version"
    yield "ggjt-tokens", b"tjgg" + struct.pack("<8I", 3, 1 << 31, 64, 256, 4, 2, 16, 2), None, "a vocabulary past the file"
    yield "ggjt-shape", old(b"tjgg", 3, tensors=[(b"a", [1 << 31, 1 << 31, 1 << 31], 0, 32)]), None, "a shape that overflows"
    yield "ggjt-twice", old(b"tjgg", 3, tensors=Q4_0 + Q4_0), {"MDL230"}, "a tensor given twice"
    yield "whisper", b"lmgg" + struct.pack("<11I", 51865, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1) + bytes(4000), None, "another layout under the same magic"
    yield "ggla-cut", old(b"algg", 1, tensors=[(b"a.loraA", [8, 4], 0, 128)])[:-3], None, "an adapter that is cut off"


def bad():
    yield from bad_old()
    yield from bad_templates()
    yield from bad_files()


GOOD = {
    "words": "__class__ {{ x }} is __globals__",
    "comment": "{# {{ x.__class__ }} #}{{ x }}",
    "raw": "{% raw %}{{ x.__class__ }}{% endraw %}",
    "printed": "{{ '__class__' }}",
    "compared": "{% if '__class__' in x or x == '__globals__' %}a{% endif %}",
    "key": "{{ {'__class__': 1}['__class__'] }}",
    "neighbours": "{{ messages[loop.index0 - 1].role }}",
    "keys": "{% for k, v in tool.items() %}{{ tool[k] }}{{ v }}{% endfor %}",
    "key_of_key": "{{ tool.parameters.properties[name][kind]['x-' ~ kind] }}",
    "mro": "{{ x.mro }}{{ x.class }}{{ x['import'] }}",
    "range": "{% for i in range(10) %}{{ i }}{% endfor %}{{ '=' * 80 }}",
    "functions": "{{ strftime_now('%d %b %Y') }}{{ raise_exception('no') }}",
    "namespace": "{% set ns = namespace(found=false) %}{% set ns.found = true %}{{ ns.found }}",
    "cycler": "{% set c = cycler('a', 'b') %}{{ c.next() }}{% set j = joiner(', ') %}{{ j() }}",
    "roles": "{{ {'user': 'U', 'system': 'S'}[message.role] }}",
    "format": "{{ '{}: {}'.format(a, b) }}{{ '%s' % c }}{{ '%s-%s'|format(a, b) }}",
    "think": "{{ message.content.split('</think>')[-1].lstrip('\\n') }}",
    "accumulate": "{% set p = namespace(t='') %}{% for m in messages %}"
                  "{% set p.t = p.t ~ m.content %}{% endfor %}{{ p.t }}",
    "attr": "{{ a|attr('role') }}{{ m|map(attribute='content')|join('__') }}",
    "select": "{{ messages|selectattr('role', 'equalto', 'user')|list|length }}",
    "joiners": "{{ x }} \U0001f469\u200d\U0001f4bb \u0646\u200c\u0647 \uff5ctool\u2581calls\uff5c",
    "loop_controls": "{% for m in messages %}{% if m.a %}{% break %}{% else %}{% continue %}{% endif %}{% endfor %}",
    "recursive": "{% for i in t recursive %}{{ loop(i.c) }}{% else %}none{% endfor %}",
}


def good():
    for name, template in GOOD.items():
        yield ("template-" + name, {"chat_template.jinja": template.encode()}, set(), name)
    for path in sorted((FIXTURES / "templates").glob("*.jinja")):
        yield "real-" + path.stem, {"chat_template.jinja": path.read_bytes()}, set(), "a real template"
        yield "gguf-" + path.stem, with_template(path.read_bytes()), set(), "the same in a model"
    parts = {}
    for path in sorted((FIXTURES / "gguf").glob("*.gguf")):
        if path.name.startswith("parts"):
            parts[path.name] = path.read_bytes()
        else:
            yield path.stem, path.read_bytes(), set(), "by the gguf package"
    yield "parts", parts, set(), "a model in parts, by the gguf package"
    yield "ggml", old(b"lmgg", tensors=Q4_0_OLD, scores=False, aligned=False), set(), "without a version"
    yield "ggmf", old(b"fmgg", 1, tensors=Q4_0_OLD, aligned=False), set(), "with scores"
    yield "ggjt-1", old(b"tjgg", 1, tensors=Q4_0_OLD), set(), "to be mapped"
    yield "ggjt-2", old(b"tjgg", 2, tensors=Q4_0_OLD), set(), "other blocks"
    yield "ggjt-3", old(b"tjgg", 3, tensors=Q4_0), set(), "smaller blocks"
    yield "ggla", old(b"algg", 1, tensors=[(b"a.loraA", [8, 4], 0, 128)]), set(), "an adapter"
    yield "bare", gguf(), set(), "no key, no tensor"
    yield ("version-2", gguf([LLAMA], version=2), set(), "the version before")
    yield ("words", gguf([LLAMA, string("general.description", "uses {{ x.__class__ }} in {% %}")]),
           set(), "a description is no template")
    yield ("vocabulary", gguf([LLAMA, array("tokenizer.ggml.tokens", 8,
                                            [text("{{ x.__class__ }}")] * 40)]),
           set(), "tokens are no templates")
    yield ("charsmap", gguf([LLAMA, kv("tokenizer.ggml.precompiled_charsmap", 9,
                                       struct.pack("<IQ", 0, 256) + bytes(range(256)))]),
           set(), "bytes that are no file of their own")
