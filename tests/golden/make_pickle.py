#!/usr/bin/env python3
"""Writes the golden cases of the pickle rules: tests/golden/PKLnnn/{fire,near}*.

Every pickle is put together here opcode by opcode; nothing is random. What runs if
one is loaded does no harm: at the most it prints "pratique-fixture".

Usage: make_pickle.py [FOLDER]    FOLDER defaults to this file's own.
"""
import os
import pickle
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
PROTO2, PROTO4, STOP = b"\x80\x02", b"\x80\x04", b"."
REDUCE, BUILD, NEWOBJ, MARK, NONE, DICT, UNIT = b"R", b"b", b"\x81", b"(", b"N", b"}", b")"
ECHO = "echo pratique-fixture"


def text(s):
    raw = s.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def name(full):
    """GLOBAL: "os.system" split at its last dot."""
    module, _, attr = full.rpartition(".")
    return b"c" + module.encode() + b"\n" + attr.encode() + b"\n"


def stack_global(module, attr):
    return text(module) + text(attr) + b"\x93"


def args(*values):
    return MARK + b"".join(values) + b"t"


def call(callee, *values):
    return (name(callee) if isinstance(callee, str) else callee) + args(*values) + REDUCE


def instance(cls):
    return name(cls) + UNIT + NEWOBJ


def state(**items):
    return DICT + b"".join(text(k) + v + b"s" for k, v in items.items())


def build(obj, values):
    return obj + values + BUILD


def program(body, proto=PROTO2):
    return proto + body + STOP


def integer(n):
    return b"J" + struct.pack("<i", n)


def dtype(spec, flags, fields=None, size=-1):
    """numpy.dtype(spec) with the state numpy writes, and these flags."""
    made = call("numpy.dtype", text(spec), b"\x89", b"\x88")
    names = args(*map(text, fields)) if fields else NONE
    members = DICT + b"".join(text(k) + args(v, integer(at)) + b"s"
                              for k, (v, at) in fields.items()) if fields else NONE
    return made + args(integer(3), text("|"), NONE, names, members, integer(size), integer(1),
                       integer(flags)) + BUILD


PLAIN = program(text("os.system") + b"0" + state(os=text(ECHO), eval=text("1+1")))
UNKNOWN = program(build(instance("mypkg.models.Net"), state(name=text("os.system"))))

CASES = {
    # id: (fire, near), each {name: bytes}
    "PKL001": ({"fire": program(call("posix.system", text(ECHO))),
                "fire_followed": program(stack_global("logging", "os.system") + b"0N", PROTO4),
                "fire_popen": program(call("subprocess.Popen", text("true")))},
               {"near": PLAIN, "near_others": UNKNOWN,
                "near_name": program(name("mypkg.system"))}),
    "PKL002": ({"fire": program(call("__builtin__.eval", text("1+1"))),
                "fire_code": program(call("marshal.loads", text(""))),
                "fire_runstring": program(name("numpy.testing._private.utils.runstring"))},
               {"near": PLAIN, "near_type": program(call("__builtin__.type", NONE)),
                "near_name": program(name("mypkg.code.Interpreter"))}),
    "PKL003": ({"fire": program(call("importlib.import_module", text("this_module_is_not"))),
                "fire_resolve": program(call("pkgutil.resolve_name", text("os:system")))},
               {"near": PLAIN}),
    "PKL004": ({"fire": program(call("torch.storage._load_from_bytes", text(""))),
                "fire_loads": program(call("_pickle.loads", text("")))},
               {"near": program(call("torch._utils._rebuild_tensor_v2"))}),
    "PKL005": ({"fire": program(call("socket.gethostname")),
                "fire_urlopen": program(name("urllib.request.urlopen"))},
               {"near": program(text("http://192.0.2.1/")),
                "near_parse": program(name("urllib.parse.ParseResult"))}),
    "PKL006": ({"fire": program(call("__builtin__.open", text("/dev/null"))),
                "fire_memmap": program(call("numpy.memmap", text("/dev/null")))},
               {"near": program(call("pathlib.PosixPath", text("/"), text("dev")), PROTO4),
                "near_join": program(name("posixpath.join"))}),
    "PKL007": ({"fire": program(call("operator.attrgetter", text("a.b"))),
                "fire_getattr": program(call("__builtin__.getattr", text("a"), text("__class__"))),
                "fire_globals": program(stack_global("mypkg", "f.__globals__"), PROTO4)},
               {"near": program(call("operator.itemgetter", integer(1)))}),
    "PKL008": ({"fire": program(name("ctypes.CDLL"))},
               {"near": program(call("array.array", text("d"), b"]"))}),
    "PKL009": ({"fire": program(name("sys.modules"))},
               {"near": program(name("mypkg.sys_info.Report"))}),
    "PKL010": ({"fire": program(name("antigravity.geohash"))},
               {"near": program(name("mypkg.this.Thing"))}),
    "PKL020": ({"fire": program(name("mypkg.models.Net")),
                "fire_main": program(name("__main__.Net"))},
               {"near": program(name("collections.OrderedDict"))}),
    "PKL021": ({"fire": program(call("mypkg.models.make", text("x"))),
                "fire_class": program(instance("mypkg.models.Net"))},
               {"near": program(call("collections.OrderedDict"))}),
    "PKL022": ({"fire": UNKNOWN},
               {"near": program(build(instance("sklearn.svm._classes.SVC"), state(C=integer(1))))}),
    "PKL023": ({"fire": program(call("sklearn.svm._classes.SVC")),
                "fire_append": program(call("collections.OrderedDict") + integer(1) + b"a"),
                "fire_ndarray": program(call("numpy.ndarray", args(integer(4)), text("O"),
                                             call("__builtin__.bytearray", integer(32))))},
               {"near": program(instance("sklearn.svm._classes.SVC")),
                "near_append": program(call("collections.deque") + integer(1) + b"a")}),
    "PKL024": ({"fire": program(build(name("collections.OrderedDict"), state(x=integer(1)))),
                "fire_item": program(name("mypkg.table") + text("k") + text("v") + b"s")},
               {"near": program(call("collections.OrderedDict") + text("k") + text("v") + b"s")}),
    "PKL025": ({"fire": program(build(call("types.SimpleNamespace"),
                                      state(append=name("__builtin__.print")))),
                "fire_dunder": program(build(call("types.SimpleNamespace"),
                                             state(__setstate__=name("__builtin__.print"))))},
               {"near": program(build(call("types.SimpleNamespace"), state(append=text("x")))),
                "near_other": program(build(call("types.SimpleNamespace"),
                                            state(function=name("__builtin__.print"))))}),
    "PKL026": ({"fire": program(build(call("types.SimpleNamespace"),
                                      state(__version__=text("1"))))},
               {"near": program(build(call("types.SimpleNamespace"), state(version=text("1")))),
                "near_steering": program(build(call("types.SimpleNamespace"),
                                               state(__class__=text("x"))))}),
    "PKL027": ({"fire": program(build(call("types.SimpleNamespace"), state(__class__=text("x"))))},
               {"near": program(build(call("types.SimpleNamespace"),
                                      state(__version__=text("1"))))}),
    "PKL028": ({"fire": program(call(call("operator.itemgetter", integer(0)), b"]"))},
               {"near": program(call("operator.itemgetter", integer(0)))}),
    "PKL029": ({"fire": program(call("__builtin__.str", text("x")) + text("y") + b"\x93", PROTO4)},
               {"near": program(stack_global("collections", "OrderedDict"), PROTO4)}),
    "PKL030": ({"fire": program(call("__builtin__.getattr", call("mypkg.Maker"), text("method")))},
               {"near": program(stack_global("mypkg", "Outer.Inner"), PROTO4)}),
    "PKL031": ({"fire": program(call("functools.partial", name("mypkg.run"))),
                "fire_tensor": program(call("torch._tensor._rebuild_from_type_v2",
                                            name("mypkg.make"), name("torch.Tensor"), UNIT, DICT))},
               {"near": program(call("functools.partial", name("__builtin__.int")))}),
    "PKL032": ({"fire": program(b"\x82\x07")}, {"near": program(b"K\x07")}),
    "PKL033": ({"fire": program(b"Pan id\n"), "fire_bin": program(text("an id") + b"Q")},
               {"near": program(text("an id"))}),
    "PKL034": ({"fire": b"\x80\x05\x97."}, {"near": b"\x80\x05\x8e" + struct.pack("<Q", 1) + b"x."}),
    "PKL035": ({"fire": b"\x80\x09N."}, {"near": b"\x80\x05N."}),
    "PKL036": ({"fire": PROTO4 + b"\x95" + struct.pack("<Q", 99) + b"N."},
               {"near": PROTO4 + b"\x95" + struct.pack("<Q", 2) + b"N.",
                "near_short": PROTO4 + b"\x95" + struct.pack("<Q", 1) + b"NN0."}),
    "PKL037": ({"fire": PROTO2 + b"NR.", "fire_cut": PROTO2 + call("collections.OrderedDict")},
               {"near": program(call("collections.OrderedDict"))}),
    "PKL038": ({"fire": program(integer(1)) + program(integer(2))},
               {"near": program(integer(1))}),
    "PKL039": ({"fire": program(b"\x8e" + struct.pack("<Q", len(UNKNOWN)) + UNKNOWN, PROTO4),
                "fire_zlib": program(b"B" + struct.pack("<I", len(zlib.compress(UNKNOWN))) +
                                     zlib.compress(UNKNOWN), b"\x80\x03")},
               {"near": program(b"C\x05hello", b"\x80\x03")}),
    "PKL040": ({"fire": b"\x7fnothing known\x00" * 9 + program(call("posix.system", text(ECHO)))},
               {"near": pickle.dumps({"a": 1}, 2)}),
    "PKL042": ({"fire": program(call(stack_global("os ", "system"), text(ECHO))),
                "fire_nul": program(call(stack_global("os\0x", "system"), text(ECHO)))},
               {"near": program(call(stack_global("os_", "system_"), text(ECHO)))}),
    "PKL041": ({"fire": program(dtype("O8", 0)),
                "fire_field": program(dtype("V8", 0, {"a": (dtype("O8", 63), 0)}, 8))},
               {"near": program(dtype("O8", 63)), "near_number": program(dtype("f8", 0))}),
}


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    for rule, groups in CASES.items():
        os.makedirs(os.path.join(folder, rule), exist_ok=True)
        for group, prefix in zip(groups, ("fire", "near")):
            cases = group if isinstance(group, dict) else {prefix: group}
            for case, content in cases.items():
                end = ".bin" if rule == "PKL040" and prefix == "fire" else ".pkl"
                with open(os.path.join(folder, rule, case + end), "wb") as f:
                    f.write(content)


if __name__ == "__main__":
    main()
