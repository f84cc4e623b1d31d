#!/usr/bin/env python3
"""Safetensors files of which the right answer is known: make_cases.py FOLDER.

Three folders come to be in FOLDER: good/ (what libraries write and read), broken/ (a reader
should refuse them, for what is wrong with their structure) and values/ (structure in order;
the numbers are what is wrong, or, good_*, only seem so). expected.tsv tells the answers.
"""
import io
import json
import pathlib
import pickle
import struct
import sys
import zipfile

F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
BODY = struct.pack("<2f", 0.5, -1.25)
DTYPES = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4,
          "F6_E2M3": 6, "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32,
          "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64, "C64": 64, "F8_E4M3FNUZ": 8,
          "F8_E5M2FNUZ": 8}


def raw(header, body=b"", length=None):
    """A file of these parts; header: text or bytes, as it is."""
    header = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(header) if length is None else length) + header + body


def dumps(header):
    return json.dumps(header, separators=(",", ":"))


def padded(header):
    text = dumps(header).encode()
    return text + b" " * (-len(text) % 8)


def make(tensors, metadata=None):
    """A file as the library writes it: tensors is {name: (dtype, shape, bytes)}."""
    header, body = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    return raw(padded(header), body)


def one(text, body=BODY):
    """A header of one tensor, F32 [2], in which ENTRY stands for a usual entry."""
    return raw(text.replace("ENTRY", dumps(F32)), body)


def entry(body=BODY, **changes):
    """One tensor whose entry is the usual one with these changes; None takes a field away."""
    fields = {k: v for k, v in {**F32, **changes}.items() if v is not None}
    return raw(dumps({"a": fields}), body)


def two(a, b, body):
    """Two U8 tensors at these offsets."""
    def u8(start, end):
        return {"dtype": "U8", "shape": [end - start], "data_offsets": [start, end]}
    return raw(dumps({"a": u8(*a), "b": u8(*b)}), body)


def a_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("__main__.py", "print('pratique-fixture')\n")
    return out.getvalue()


def broken_length():
    good = one('{"a":ENTRY}')
    header = dumps({"a": F32})
    return {
        "empty": b"",
        "one_byte": b"\x08",
        "seven_bytes": b"\x02\0\0\0\0\0\0",
        "length_alone": struct.pack("<Q", 2),
        "length_zero": raw("", b"", 0),
        "length_zero_with_body": raw("", b"\0" * 16, 0),
        "length_one": raw("{", b"}", 1),
        "length_one_short": raw(header, BODY, len(header) - 1),
        "length_one_long": raw(header, BODY, len(header) + 1),
        "length_of_the_file": raw(header, BODY, len(good)),
        "length_past_the_end": raw(header, BODY, len(header) + 64),
        "length_over_the_bound": raw(header, BODY, 100_000_001),
        "length_2_32": raw(header, BODY, 1 << 32 | len(header)),
        "length_2_63": raw(header, BODY, 1 << 63),
        "length_all_ones": raw(header, BODY, (1 << 64) - 1),
        "length_wraps_with_eight": raw(header, BODY, (1 << 64) - 8),
        "length_big_endian": struct.pack(">Q", len(header)) + header.encode() + BODY,
        "body_missing": raw(header),
        "body_one_byte_short": raw(header, BODY[:-1]),
        "body_one_byte_long": raw(header, BODY + b"\0"),
        "body_twice": raw(header, BODY * 2),
        "empty_object_with_body": raw("{}", BODY),
        "git_lfs_pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 +
                           b"\nsize 12345\n",
        "gzip": bytes.fromhex("1f8b0800000000000003") + good,
        "html": b"<!DOCTYPE html><title>404</title>",
    }


def broken_json():
    inner = dumps(F32)
    return {
        "bom": raw(b"\xef\xbb\xbf" + dumps({"a": F32}).encode(), BODY),
        "utf16": raw(dumps({"a": F32}).encode("utf-16-le"), BODY),
        "latin1_name": raw(b'{"\xe9":' + inner.encode() + b"}", BODY),
        "overlong_utf8": raw(b'{"\xc0\xae":' + inner.encode() + b"}", BODY),
        "surrogate_in_utf8": raw(b'{"\xed\xa0\x80":' + inner.encode() + b"}", BODY),
        "past_unicode": raw(b'{"\xf4\x90\x80\x80":' + inner.encode() + b"}", BODY),
        "lone_surrogate": one('{"\\ud800":ENTRY}'),
        "low_surrogate_first": one('{"\\udc00\\ud800":ENTRY}'),
        "surrogate_and_letter": one('{"\\ud800\\u0041":ENTRY}'),
        "bad_escape": one('{"\\x41":ENTRY}'),
        "short_escape": one('{"\\u41":ENTRY}'),
        "control_in_name": one('{"a\x01":ENTRY}'),
        "newline_in_name": one('{"a\nb":ENTRY}'),
        "nul_in_name": raw(b'{"a\0":' + inner.encode() + b"}", BODY),
        "nul_padding": raw(dumps({"a": F32}).encode() + b"\0" * 4, BODY),
        "form_feed_padding": one('{"a":ENTRY}\x0c'),
        "no_break_space_padding": one('{"a":ENTRY}\u00a0'),
        "leading_space": one(' {"a":ENTRY}'),
        "leading_newline": one('\n{"a":ENTRY}'),
        "trailing_comma": one('{"a":ENTRY,}'),
        "leading_comma": one('{,"a":ENTRY}'),
        "two_commas": one('{"a":ENTRY,,"b":ENTRY}'),
        "no_comma": one('{"a":ENTRY "__metadata__":{}}'),
        "comment": one('{/* x */"a":ENTRY}'),
        "line_comment": one('{"a":ENTRY}// x'),
        "single_quotes": one("{'a':ENTRY}"),
        "name_without_quotes": one("{a:ENTRY}"),
        "name_is_a_number": one("{1:ENTRY}"),
        "two_objects": one('{"a":ENTRY}{}'),
        "object_not_closed": one('{"a":ENTRY'),
        "string_not_closed": one('{"a":ENTRY,"b'),
        "brace_too_many": one('{"a":ENTRY}}'),
        "a_list": one('[{"a":ENTRY}]'),
        "null": raw("null"),
        "a_string": raw('"{}"'),
        "a_pickle_as_header": raw(pickle.dumps({"a": 1}, 4)),
        "deep_lists": raw('{"a":' + "[" * 5000 + "]" * 5000 + "}"),
        "deep_objects": raw('{"a":' * 5000 + "1" + "}" * 5000),
        "deep_extra_field": entry(extra=json.loads("[" * 100 + "]" * 100)),
        "nan_literal": one('{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}'),
        "infinity_literal": one('{"a":{"dtype":"F32","shape":[Infinity],"data_offsets":[0,8]}}'),
        "hexadecimal": one('{"a":{"dtype":"F32","shape":[0x2],"data_offsets":[0,8]}}'),
        "leading_zero": one('{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}'),
        "plus_sign": one('{"a":{"dtype":"F32","shape":[+2],"data_offsets":[0,8]}}'),
        "exponent": one('{"a":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}'),
        "underscore": one('{"a":{"dtype":"F32","shape":[0_2],"data_offsets":[0,8]}}'),
        "arabic_digit": one('{"a":{"dtype":"F32","shape":[\u0662],"data_offsets":[0,8]}}'),
    }


def broken_names():
    meta = '"__metadata__":'
    return {
        "same_name_same_entry": one('{"a":ENTRY,"a":ENTRY}'),
        "same_name_other_type": one('{"a":ENTRY,"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}'),
        "same_name_other_place": one('{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"a":ENTRY}'),
        "same_name_far_apart": raw(dumps({f"t{i}": {"dtype": "U8", "shape": [1], "data_offsets": [i, i + 1]}
                                          for i in range(3000)})[:-1] +
                                   ',"t7":{"dtype":"U8","shape":[1],"data_offsets":[7,8]}}', b"\1" * 3000),
        "same_name_escaped": one('{"a":ENTRY,"\\u0061":ENTRY}'),
        "same_name_escaped_slash": one('{"a/b":ENTRY,"a\\/b":ENTRY}'),
        "same_name_escaped_pair": one('{"\U0001f600":ENTRY,"\\ud83d\\ude00":ENTRY}'),
        "same_name_hex_case": one('{"\\u00e9":ENTRY,"\\u00E9":ENTRY}'),
        "same_empty_name": one('{"":ENTRY,"":ENTRY}'),
        "same_field_dtype": one('{"a":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}'),
        "same_field_shape": one('{"a":{"dtype":"F32","shape":[2],"shape":[1,2],"data_offsets":[0,8]}}'),
        "same_field_offsets": one('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}}'),
        "same_field_escaped": one('{"a":{"dtype":"F32","\\u0064type":"I32","shape":[2],"data_offsets":[0,8]}}'),
        "metadata_twice": one("{" + meta + "{}," + meta + '{},"a":ENTRY}'),
        "metadata_escaped": one('{"__metad\\u0061ta__":{"a":"b"},"a":ENTRY}'),
        "metadata_twice_one_escaped": one("{" + meta + '{},"\\u005f_metadata__":{},"a":ENTRY}'),
        "metadata_same_name": one("{" + meta + '{"format":"pt","format":"np"},"a":ENTRY}'),
        "metadata_same_name_escaped": one("{" + meta + '{"a":"1","\\u0061":"2"},"a":ENTRY}'),
        "metadata_null": one("{" + meta + 'null,"a":ENTRY}'),
        "metadata_list": one("{" + meta + '[],"a":ENTRY}'),
        "metadata_string": one("{" + meta + '"pt","a":ENTRY}'),
        "metadata_number": one("{" + meta + '{"step":1},"a":ENTRY}'),
        "metadata_null_value": one("{" + meta + '{"step":null},"a":ENTRY}'),
        "metadata_true": one("{" + meta + '{"step":true},"a":ENTRY}'),
        "metadata_nested": one("{" + meta + '{"x":{"y":"z"}},"a":ENTRY}'),
        "metadata_list_value": one("{" + meta + '{"x":["y"]},"a":ENTRY}'),
        "metadata_is_a_tensor": one("{" + meta + "ENTRY}"),
        "metadata_lone_surrogate": one("{" + meta + '{"x":"\\ud800"},"a":ENTRY}'),
        "metadata_not_utf8": raw(b'{"__metadata__":{"x":"\xff"}}'),
    }


def broken_entries():
    return {
        "no_dtype": entry(dtype=None),
        "no_shape": entry(shape=None),
        "no_offsets": entry(data_offsets=None),
        "no_fields": one('{"a":{}}'),
        "extra_field": entry(stride=[1]),
        "extra_field_null": one('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":null}}'),
        "entry_is_null": one('{"a":null}'),
        "entry_is_a_list": one('{"a":["F32",[2],[0,8]]}'),
        "entry_is_a_string": one('{"a":"F32"}'),
        "dtype_unknown": entry(dtype="F128"),
        "dtype_empty": entry(dtype=""),
        "dtype_lower_case": entry(dtype="f32"),
        "dtype_with_space": entry(dtype="F32 "),
        "dtype_with_nul": entry(dtype="F32\0"),
        "dtype_of_numpy": entry(dtype="<f4"),
        "dtype_of_torch": entry(dtype="torch.float32"),
        "dtype_null": one('{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}'),
        "dtype_number": entry(dtype=3),
        "dtype_list": entry(dtype=["F32"]),
        "dtype_object": entry(dtype={"F32": None}),
        "dtype_escaped": one('{"a":{"dtype":"\\u004632","shape":[2],"data_offsets":[0,8]}}'),
        "shape_null": one('{"a":{"dtype":"F32","shape":null,"data_offsets":[0,8]}}'),
        "shape_number": entry(shape=2),
        "shape_string": entry(shape="2"),
        "shape_object": entry(shape={"0": 2}),
        "shape_nested": entry(shape=[[2]]),
        "shape_of_strings": entry(shape=["2"]),
        "shape_negative": entry(shape=[-2]),
        "shape_two_negatives": entry(shape=[-1, -2]),
        "shape_minus_zero": one('{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}', b""),
        "shape_fraction": entry(shape=[2.5]),
        "shape_whole_fraction": entry(shape=[2.0]),
        "shape_true": entry(shape=[True]),
        "shape_2_64": entry(shape=[1 << 64]),
        "shape_2_64_and_2": entry(shape=[(1 << 64) + 2]),
        "shape_product_wraps": entry(shape=[1 << 32, 1 << 32, 2]),
        "shape_product_wraps_to_2": entry(shape=[(1 << 63) + 1, 2]),
        "shape_bytes_wrap": entry(shape=[1 << 62], data_offsets=[0, 0], body=b""),
        "shape_overflow_then_zero": entry(shape=[1 << 40, 1 << 40, 0], data_offsets=[0, 0], body=b""),
        "shape_bits_wrap": raw(dumps({"a": {"dtype": "F64", "shape": [1 << 58], "data_offsets": [0, 0]}})),
        "shape_too_large": entry(shape=[3]),
        "shape_too_small": entry(shape=[1]),
        "shape_zero_with_bytes": entry(shape=[0]),
        "shape_scalar_with_bytes": entry(shape=[]),
        "offsets_null": one('{"a":{"dtype":"F32","shape":[2],"data_offsets":null}}'),
        "offsets_one": entry(data_offsets=[0]),
        "offsets_three": entry(data_offsets=[0, 8, 16]),
        "offsets_none": entry(data_offsets=[]),
        "offsets_object": entry(data_offsets={"0": 0, "1": 8}),
        "offsets_strings": entry(data_offsets=["0", "8"]),
        "offsets_fractions": entry(data_offsets=[0.0, 8.0]),
        "offsets_negative": entry(data_offsets=[-8, 0]),
        "offsets_turned_round": entry(data_offsets=[8, 0]),
        "offsets_2_63": entry(data_offsets=[1 << 63, (1 << 63) + 8]),
        "offsets_2_64": entry(data_offsets=[0, (1 << 64) + 8]),
        "offsets_past_the_end": entry(data_offsets=[8, 16]),
        "offsets_far_past_the_end": entry(data_offsets=[(1 << 64) - 9, (1 << 64) - 1]),
        "offsets_from_file_start": entry(data_offsets=[64, 72]),
        "sub_byte_f4": raw(dumps({"a": {"dtype": "F4", "shape": [3], "data_offsets": [0, 2]}}), b"\1\1"),
        "sub_byte_f4_down": raw(dumps({"a": {"dtype": "F4", "shape": [3], "data_offsets": [0, 1]}}), b"\1"),
        "sub_byte_f6": raw(dumps({"a": {"dtype": "F6_E3M2", "shape": [2], "data_offsets": [0, 2]}}), b"\1\1"),
        "sub_byte_as_bytes": raw(dumps({"a": {"dtype": "F4", "shape": [4], "data_offsets": [0, 4]}}), b"\1" * 4),
    }


def broken_cover():
    z = a_zip()
    return {
        "overlap_by_one": two((0, 4), (3, 7), b"\1" * 7),
        "overlap_inside": two((0, 8), (2, 4), b"\1" * 8),
        "overlap_all": two((0, 8), (0, 8), b"\1" * 8),
        "overlap_empty_inside": two((0, 8), (4, 4), b"\1" * 8),
        "overlap_in_turned_order": two((4, 8), (0, 5), b"\1" * 8),
        "hole_between": two((0, 4), (5, 8), b"\1" * 8),
        "hole_before": two((1, 4), (4, 8), b"\1" * 8),
        "hole_behind": two((0, 4), (4, 8), b"\1" * 9),
        "hole_large": two((0, 4), (4, 8), b"\1" * 8 + b"\0" * 4096),
        "hole_before_empty": raw(dumps({"a": {"dtype": "U8", "shape": [0], "data_offsets": [4, 4]}}), b"\1" * 4),
        "empty_past_the_end": two((0, 4), (9, 9), b"\1" * 4),
        "second_past_the_end": two((0, 4), (4, 9), b"\1" * 8),
        "zip_behind": one('{"a":ENTRY}', BODY + z),
        "zip_in_a_hole": two((0, 4), (4 + len(z), 8 + len(z)), b"\1" * 4 + z + b"\1" * 4),
        "pickle_behind": one('{"a":ENTRY}', BODY + b"cos\nsystem\n(S'echo pratique-fixture'\ntR."),
        "pickle_alone": b"cos\nsystem\n(S'echo pratique-fixture'\ntR.",
        "zip_alone": z,
        "zip_as_tensor": raw(dumps({"a": {"dtype": "U8", "shape": [len(z)], "data_offsets": [0, len(z)]}}), z),
        "elf_behind": one('{"a":ENTRY}', BODY + b"\x7fELF\x02\x01\x01" + b"\0" * 57),
        "script_behind": one('{"a":ENTRY}', BODY + b"#!/bin/sh\necho pratique-fixture\n"),
        "file_twice": one('{"a":ENTRY}') * 2,
    }


def bits(form, *values):
    return struct.pack(f"<{len(values)}{form}", *values)


def weights(n, form="f", scale=1.0):
    """Numbers like those of a trained layer, the same each time."""
    out, x = [], 1
    for _ in range(n):
        x = (x * 1103515245 + 12345) % (1 << 31)
        out.append(scale * (x / (1 << 31) - 0.5))
    return struct.pack(f"<{n}{form}", *out)


def bf16(n):
    """The upper halves of F32."""
    data = weights(n)
    return b"".join(data[i + 2:i + 4] for i in range(0, len(data), 4))


def spoil(data, place, number):
    """data with the bytes of one number put in at that place."""
    n = len(number)
    return data[:place * n] + number + data[(place + 1) * n:]


def good():
    every, at = {}, {}
    for name, width in DTYPES.items():
        every[name.lower()] = (name, [8], b"\1" * width)
        at[name.lower()] = name
    shuffled = raw(dumps({"b": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]},
                          "a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}), b"\1" * 8)
    many = {f"model.layers.{i}.mlp.weight": ("F16", [2, 2], weights(4, "e")) for i in range(2000)}
    return {
        "no_tensors": raw("{}      "),
        "no_tensors_unpadded": raw("{}"),
        "no_tensors_metadata": make({}, {"format": "pt"}),
        "torch": make({"weight": ("F32", [2, 2], weights(4)), "bias": ("F32", [2], weights(2))},
                      {"format": "pt"}),
        "numpy": make({"a": ("F64", [3], weights(3, "d"))}),
        "flax": make({"params.dense.kernel": ("F32", [2, 3], weights(6))}, {"format": "flax"}),
        "mlx": make({"model.embed": ("BF16", [4, 2], bf16(8))}, {"format": "mlx"}),
        "tensorflow": make({"dense/kernel:0": ("F32", [2, 1], weights(2))}, {"format": "tf"}),
        "every_dtype": make(every),
        "scalar": make({"scale": ("F32", [], weights(1))}),
        "empty_tensor": make({"none": ("F32", [0], b"")}),
        "empty_tensors_in_between": make({"a": ("U8", [0, 5], b""), "b": ("U8", [2], b"\1\2"),
                                          "c": ("U8", [3, 0], b""), "d": ("I16", [1], b"\1\0")}),
        "empty_huge_dimension": make({"a": ("F32", [0, 1 << 40], b"")}),
        "many_dimensions": make({"a": ("U8", [1] * 40 + [3], b"\1\2\3")}),
        "offsets_not_in_order": shuffled,
        "fields_in_other_order": raw('{"a":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}', BODY),
        "spaces_of_json_dumps": raw(json.dumps({"a": F32, "__metadata__": {"k": "v"}}), BODY),
        "indented": raw(json.dumps({"a": F32}, indent=2), BODY),
        "indented_with_tabs_and_crlf": raw(json.dumps({"a": F32}, indent="\t").replace("\n", "\r\n"), BODY),
        "much_padding": raw(dumps({"a": F32}) + " " * 5000, BODY),
        "padding_of_newlines": raw(dumps({"a": F32}) + "\n\n\n", BODY),
        "metadata_last": raw('{"a":' + dumps(F32) + ',"__metadata__":{"format":"pt"}}', BODY),
        "metadata_empty": make({"a": ("U8", [1], b"\1")}, {}),
        "metadata_long": make({"a": ("U8", [1], b"\1")}, {"config": json.dumps({"layers": [1] * 3000})}),
        "metadata_empty_strings": make({"a": ("U8", [1], b"\1")}, {"": ""}),
        "metadata_of_training": make({"lora_up.weight": ("F16", [2, 1], weights(2, "e"))},
                                     {"ss_output_name": "x", "ss_tag_frequency": '{"a": {"b": 1}}',
                                      "modelspec.title": "\u30e2\u30c7\u30eb"}),
        "unicode_names": make({"\u91cd\u307f": ("U8", [1], b"\1"), "gewicht_\u00e4": ("U8", [1], b"\2")}),
        "names_differ_in_normal_form": make({"\u00e9": ("U8", [1], b"\1"), "e\u0301": ("U8", [1], b"\2")}),
        "names_differ_in_case": make({"A": ("U8", [1], b"\1"), "a": ("U8", [1], b"\2")}),
        "name_of_escapes": make({"a\"b\\c/d\u0000": ("U8", [1], b"\1")}),
        "name_empty": make({"": ("U8", [1], b"\1")}),
        "name_like_metadata": make({"__metadata": ("U8", [1], b"\1"), "metadata__": ("U8", [1], b"\2"),
                                    "format": ("U8", [1], b"\3")}, {"__metadata__": "x"}),
        "same_name_in_metadata": make({"a": ("U8", [1], b"\1")}, {"a": "b"}),
        "name_long": make({"layer." * 2000: ("U8", [1], b"\1")}),
        "header_not_aligned": raw('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ', BODY),
        "tensor_not_aligned": make({"a": ("U8", [1], b"\1"), "b": ("F32", [1], b"\0\0\x80\x3f")}),
        "many_tensors": make(many),
    }


def values():
    plain = weights(3000)
    nan, inf = struct.pack("<f", float("nan")), struct.pack("<f", float("inf"))
    clean = {"ok": ("F32", [100], weights(100))}

    def f32(data):
        return make({**clean, "w": ("F32", [len(data) // 4], data)})

    def small(dtype, odd, n=2000):
        """Bytes that are numbers, and one that is not."""
        return make({"w": (dtype, [n], b"\x31\x12\xa5\x29" * (n // 4 - 1) + b"\x31\x12\xa5" + odd)})

    half = weights(2000, "e")
    return {
        "nan_f32": f32(spoil(plain, 1500, nan)),
        "nan_f32_first": f32(spoil(plain, 0, nan)),
        "nan_f32_last": f32(spoil(plain, 2999, nan)),
        "nan_f32_negative": f32(spoil(plain, 7, bits("I", 0xffc00000))),
        "nan_f32_signalling": f32(spoil(plain, 8, bits("I", 0x7f800001))),
        "nan_f32_with_payload": f32(spoil(plain, 2000, bits("I", 0x7fffffff))),
        "nan_f32_all": f32(nan * 3000),
        "nan_f32_scalar": make({"scale": ("F32", [], nan)}),
        "nan_f32_second_tensor": make({"a": ("F32", [3000], plain), "b": ("F32", [3000], spoil(plain, 9, nan))}),
        "nan_f32_not_aligned": make({"a": ("U8", [1], b"\1"), "b": ("F32", [3000], spoil(plain, 9, nan))}),
        "nan_f32_one_in_a_million": f32(spoil(plain * 340, 777_777, nan)),
        "nan_f64": make({"w": ("F64", [3000], spoil(weights(3000, "d"), 2048, bits("d", float("nan"))))}),
        "nan_f64_signalling": make({"w": ("F64", [3000], spoil(weights(3000, "d"), 5, bits("Q", 0x7ff0000000000001)))}),
        "nan_f16": make({"w": ("F16", [2000], spoil(half, 1023, bits("H", 0x7e00)))}),
        "nan_f16_signalling": make({"w": ("F16", [2000], spoil(half, 1024, bits("H", 0xfc01)))}),
        "nan_bf16": make({"w": ("BF16", [3000], spoil(bf16(3000), 4, bits("H", 0x7fc0)))}),
        "nan_c64_imaginary": make({"w": ("C64", [1500], spoil(plain, 2001, nan))}),
        "nan_f8_e4m3": small("F8_E4M3", b"\x7f"),
        "nan_f8_e4m3_negative": small("F8_E4M3", b"\xff"),
        "nan_f8_e5m2": small("F8_E5M2", b"\x7d"),
        "nan_f8_e4m3fnuz": small("F8_E4M3FNUZ", b"\x80"),
        "nan_f8_e5m2fnuz": small("F8_E5M2FNUZ", b"\x80"),
        "nan_f8_e8m0": small("F8_E8M0", b"\xff"),
        "inf_f32": f32(spoil(plain, 11, inf)),
        "inf_f32_negative": f32(spoil(plain, 2998, bits("f", float("-inf")))),
        "inf_f32_both": f32(spoil(spoil(plain, 1, inf), 2, bits("f", float("-inf")))),
        "inf_f64": make({"w": ("F64", [3000], spoil(weights(3000, "d"), 2999, bits("d", float("inf"))))}),
        "inf_f16": make({"w": ("F16", [2000], spoil(half, 0, bits("H", 0x7c00)))}),
        "inf_bf16": make({"w": ("BF16", [3000], spoil(bf16(3000), 2999, bits("H", 0xff80)))}),
        "inf_f8_e5m2": small("F8_E5M2", b"\x7c"),
        "zero_matrix": make({**clean, "w": ("F32", [30, 40], b"\0" * 4800)}),
        "zero_matrix_negative": make({**clean, "w": ("F32", [30, 40], b"\0\0\0\x80" * 1200)}),
        "zero_matrix_f16": make({**clean, "w": ("F16", [30, 40], b"\0" * 2400)}),
        "zero_matrix_f4": make({**clean, "w": ("F4", [8, 8], b"\x08" * 32)}),
        "zero_file": make({"a": ("F32", [100], b"\0" * 400), "b": ("I64", [10], b"\0" * 80)}),
        "denormal_f32": f32(bits("I", 1, 0x007fffff, 0x80000100) * 500),
        "denormal_f32_most": f32(bits("I", 5, 0x80000005, 9) * 600 + weights(1000)),
        "denormal_f64": make({"w": ("F64", [2000], bits("Q", 1, 77) * 1000)}),
        "denormal_bf16": make({"w": ("BF16", [2000], bits("H", 1, 0x8003) * 1000)}),
        "denormal_f16": make({"w": ("F16", [2000], bits("H", 1, 0x83ff) * 1000)}),
        "denormal_f16_matrix": make({"w": ("F16", [40, 50], bits("H", 1, 0x83ff, 9, 0x3c00) * 500)}),
        "denormal_f8_e4m3": make({"w": ("F8_E4M3", [2000], b"\1\2\x83\1" * 500)}),
        "denormal_f8_e5m2": make({"w": ("F8_E5M2", [2000], b"\1\2\x83\1" * 500)}),
        "denormal_text_as_f32": f32(b"\x41\x42\x03\0" * 1000),
        "bool_two": make({"mask": ("BOOL", [2000], b"\0\1" * 999 + b"\0\2")}),
        "bool_255": make({"mask": ("BOOL", [4], b"\0\1\xff\1")}),
        "good_weights": make({"w": ("F32", [3000], plain), "h": ("F16", [2000], half)}),
        "good_zero_bias": make({**clean, "bias": ("F32", [512], b"\0" * 2048)}),
        "good_zero_scalar": make({"step": ("I64", [], b"\0" * 8)}),
        "good_zero_row": make({**clean, "token_type.weight": ("F32", [1, 768], b"\0" * 3072)}),
        "good_zero_mask": make({**clean, "mask": ("BOOL", [8, 8], b"\0" * 64)}),
        "good_zero_integers": make({**clean, "qzeros": ("I32", [8, 8], b"\0" * 256)}),
        "good_all_ones": make({"norm.weight": ("F32", [64], bits("f", 1.0) * 64)}),
        "good_huge": make({"mask": ("F32", [64], bits("f", -3.4028234663852886e38) * 64)}),
        "good_huge_f64": make({"w": ("F64", [2048], bits("d", 1.7e308, -1.7e308) * 1024)}),
        "good_few_denormals": f32(plain + bits("I", 1, 2, 3)),
        "good_narrow_denormals": make({"w": ("F16", [2000], bits("H", 1, 0x3c00) * 1000)}),
        "good_narrow_denormals_e4m3": make({"w": ("F8_E4M3", [40, 50], b"\1\2\x83\x20" * 500)}),
        "good_e4m3_no_infinity": make({"w": ("F8_E4M3", [2000], b"\x78\x7c\x7e\xfe" * 500)}),
        "good_f4_all_patterns": make({"w": ("F4", [256], bytes(range(128)))}),
        "good_f6_all_bits": make({"w": ("F6_E2M3", [64], b"\xff" * 48)}),
        "good_integers_like_nan": make({"w": ("I32", [100], bits("I", 0x7fc00000) * 100)}),
        "good_uint64_most": make({"w": ("U64", [2048], b"\xff" * 16384)}),
        "good_bytes_like_nan": make({"w": ("U8", [256], bytes(range(256)))}),
        "good_empty_tensors": make({"a": ("F32", [0], b""), "b": ("BF16", [0, 4], b"")}),
    }


def cases():
    """{"broken/empty": bytes}"""
    found = {}
    for folder, makers in (("good", [good]), ("values", [values]),
                           ("broken", [broken_length, broken_json, broken_names, broken_entries,
                                       broken_cover])):
        for maker in makers:
            for name, data in maker().items():
                if found.setdefault(f"{folder}/{name}", data) is not data:
                    raise ValueError(f"{folder}/{name} is there twice")
    return found


def write(folder):
    for name, data in cases().items():
        path = pathlib.Path(folder) / (name + ".safetensors")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(sys.argv[1])
