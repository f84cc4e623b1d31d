"""Makes the seeds of tests/fuzz/corpus/pickle: y_ must parse, n_ must not, i_ must not crash."""
import collections, datetime, decimal, os, pickle

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "pickle")
values = {
    "none": None, "numbers": [0, -1, 255, 65536, 2 ** 70, 1.5, True], "text": ["a", "\u20ac", "x" * 300],
    "bytes": [b"", b"ab" * 200, bytearray(b"z")], "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
    "dicts": {"a": {"b": {"c": [1]}}}, "sets": [{1, 2}, frozenset("ab")],
    "ordered": collections.OrderedDict(a=1), "date": datetime.datetime(2026, 1, 2, 3, 4, 5),
    "decimal": decimal.Decimal("1.25"), "default": collections.defaultdict(list, a=[1]),
}
files = {f"y_{name}_{p}": pickle.dumps(v, p) for name, v in values.items() for p in (0, 1, 2, 4, 5)}
cyclic = []
cyclic.append(cyclic)
files["y_cyclic"] = pickle.dumps(cyclic)
files.update({
    "y_inst": b"(S'echo x'\nios\nsystem\n.",
    "y_obj": b"(cos\nsystem\nS'echo x'\no.",
    "y_newobj_ex": b"\x80\x04cm\nC\n)}\x92}b.",
    "y_ext": b"\x80\x02\x82\x01\x83\x02\0\x84\x03\0\0\0.",
    "y_persid": b"Pabc\n0S'x'\nQ.",
    "y_storage": b"\x80\x02(S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nK\x05tQ.",
    "y_reconstructor": b"ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR}S'a'\nI1\nsb.",
    "y_memo_far": b"Nr\xff\xff\xff\xff0j\xff\xff\xff\xff.",
    "y_slots": b"cm\nC\n)R(N}S'append'\ncm\nf\nstb.",
    "y_base64": b"S'Y29zCnN5c3RlbQooUydpZCcKdFIu'\n.",
    "y_buffers": b"\x80\x05\x97\x98.",
    "y_wrapper": b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(S'shape'\n(I2\ntS'dtype'\n"
                 b"cnumpy\ndtype\n(S'f4'\ntRS'order'\nS'C'\nub\0\0\0\0\0\0\0\0.",
    "y_wrapper_padded": b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(S'shape'\n(I1\ntS'dtype'\n"
                        b"cnumpy\ndtype\n(S'i1'\ntRS'numpy_array_alignment_bytes'\nI16\nub"
                        b"\x03\xff\xff\xff\x07.",
    "y_wrapper_objects": b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(S'shape'\n(I1\ntS'dtype'\n"
                         b"cnumpy\ndtype\n(S'O8'\ntRub]I1\na..",
    "n_empty": b"", "n_no_stop": b"N", "n_underflow": b"0.", "n_mark": b"(R.", "n_op": b"\xff",
    "n_frame": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.", "n_proto": b"\x80\xffN.",
    "n_bytes8": b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", "n_get": b"g5\n.",
    "n_wrapper_short": b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(S'shape'\n(I99\ntS'dtype'\n"
                       b"cnumpy\ndtype\n(S'f8'\ntRub\0.",
    "i_dict_of_nothing": b"(d.", "i_list_of_nothing": b"(l.",
    "i_several": b"N.N.\x80\x04N.", "i_trailing": b"N.garbage", "i_marks": b"(" * 500,
    "i_dups": b"N" + b"2" * 500, "i_text": b"Version 1\n.. note\n",
})
os.makedirs(OUT, exist_ok=True)
for name, data in files.items():
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
print(len(files), "seeds")
