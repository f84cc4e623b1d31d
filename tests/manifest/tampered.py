"""Manifests that must not be accepted, and some that must: each with what is said of it.

A row is (name, change, status, lines): change(case) is called with a folder that holds FILES and
MANIFEST.json, and may do anything to both; lines are patterns that each must match a line of
standard output from its beginning.
"""

import gzip
import hashlib
import json
import os
import pathlib
import re
import socket

EPOCH = 1764000000
WHEN = "2025-11-24T16:00:00Z"
FILES = {
    "config.json": b'{"layers": 2}\n',
    "data/kb/facts.json": b'["water is wet"]\n',
    "index/docs.faiss": b"IxFI" + bytes(60),
    "model.bin": b"weights" * 40,
    "tokenizer/vocab.txt": b"a\nb\n",
}
ROLES = {
    "config.json": "config",
    "data/kb/facts.json": "rag-kb",
    "index/docs.faiss": "rag-index",
    "model.bin": "model-weights",
    "tokenizer/vocab.txt": "tokenizer-vocab",
}
ADMIT, STOPPED, USAGE, UNDECIDED = 0, 1, 2, 3


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def text_of(manifest):
    """As docs/MANIFEST.md has it, byte for byte."""
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


class Case:
    """A folder with files and their manifest."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        for name, data in FILES.items():
            self.write(name, data)
        self.manifest = {
            "generated_at": WHEN,
            "git_sha": None,
            "artifacts": [{"path": n, "sha256": sha256(d), "bytes": len(d), "role": ROLES[n]}
                          for n, d in sorted(FILES.items())],
        }
        self.save()

    def write(self, name, data):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def save(self):
        self.put(text_of(self.manifest))

    def put(self, text):
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        (self.root / "MANIFEST.json").write_bytes(data)

    def text(self):
        return (self.root / "MANIFEST.json").read_text()

    def entry(self, name="model.bin"):
        return next(a for a in self.manifest["artifacts"] if a["path"] == name)


ROWS = []


def row(status, *lines):
    def add(fn):
        ROWS.append((fn.__name__, fn, status, lines))
        return fn
    return add


def edit(name, status, lines, fn):
    """A row that changes the manifest as data."""
    def change(case):
        fn(case)
        case.save()
    ROWS.append((name, change, status, lines if isinstance(lines, tuple) else (lines,)))


def replace(name, status, line, old, new, count=1):
    """A row that changes the manifest's text."""
    def change(case):
        text = case.text()
        assert old in text, (name, old)
        case.put(text.replace(old, new, count))
    ROWS.append((name, change, status, (line,)))


REFUSED = r"MANIFEST\.json: refused before a file was looked at$"
MODEL = FILES["model.bin"]


# ---- files that are not what they were ----

@row(STOPPED, r"model\.bin: sha256 is [0-9a-f]{64}, the manifest says " + sha256(MODEL) + "$",
     r"MANIFEST\.json: 5 files, 1 bad$")
def one_byte_of_a_file_is_another(case):
    case.write("model.bin", b"W" + MODEL[1:])


@row(STOPPED, r"model\.bin: 281 bytes, the manifest says 280$")
def a_file_is_longer(case):
    case.write("model.bin", MODEL + b"!")


@row(STOPPED, r"model\.bin: 0 bytes, the manifest says 280$")
def a_file_is_empty(case):
    case.write("model.bin", b"")


@row(STOPPED, r"model\.bin: missing$")
def a_file_is_missing(case):
    (case.root / "model.bin").unlink()


@row(STOPPED, r"data/kb/facts\.json: missing$")
def a_folder_is_missing(case):
    os.rename(case.root / "data", case.root / "elsewhere")


@row(STOPPED, r"config\.json: missing$", r"data/kb/facts\.json: 1 bytes, the manifest says 17$",
     r"index/docs\.faiss: sha256 is ", r"model\.bin: a folder, no regular file$",
     r"MANIFEST\.json: 5 files, 4 bad$")
def everything_that_is_wrong_is_told(case):
    (case.root / "config.json").unlink()
    case.write("data/kb/facts.json", b"x")
    case.write("index/docs.faiss", bytes(64))
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").mkdir()


@row(STOPPED, r"model\.bin: a folder, no regular file$")
def a_folder_in_place_of_a_file(case):
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").mkdir()


@row(STOPPED, r"model\.bin: a pipe, no regular file$")
def a_pipe_in_place_of_a_file(case):
    (case.root / "model.bin").unlink()
    os.mkfifo(case.root / "model.bin")


@row(STOPPED, r"model\.bin: a socket, no regular file$")
def a_socket_in_place_of_a_file(case):
    (case.root / "model.bin").unlink()
    here = os.getcwd()
    os.chdir(case.root)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.bind("model.bin")
    finally:
        os.chdir(here)


@row(STOPPED, r"tokenizer/vocab\.txt: missing$")
def a_file_in_place_of_a_folder(case):
    (case.root / "tokenizer/vocab.txt").unlink()
    (case.root / "tokenizer").rmdir()
    case.write("tokenizer", b"x")


# ---- links ----

@row(STOPPED, r"model\.bin: a link that leaves the root$")
def a_link_to_an_absolute_path(case):
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").symlink_to("/etc/hostname")


@row(STOPPED, r"model\.bin: a link that leaves the root$")
def a_link_out_of_the_root_with_the_right_content(case):
    outside = case.root.parent / "outside.bin"
    outside.write_bytes(MODEL)
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").symlink_to("../outside.bin")


@row(STOPPED, r"data/kb/facts\.json: a link that leaves the root$")
def a_folder_that_is_a_link_out_of_the_root(case):
    outside = case.root.parent / "outside"
    os.rename(case.root / "data", outside)
    (case.root / "data").symlink_to(outside)


@row(STOPPED, r"model\.bin: reached by a link, where the file itself was declared$")
def a_link_within_the_root(case):
    os.rename(case.root / "model.bin", case.root / "other.bin")
    (case.root / "model.bin").symlink_to("other.bin")


@row(STOPPED, r"data/kb/facts\.json: reached by a link")
def a_folder_that_is_a_link_within_the_root(case):
    os.rename(case.root / "data", case.root / "data2")
    (case.root / "data").symlink_to("data2")


@row(STOPPED, r"model\.bin: (reached by a link|a link that leaves|missing)")
def a_link_to_itself(case):
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").symlink_to("model.bin")


@row(STOPPED, r"model\.bin: (reached by a link|a link that leaves)")
def a_link_through_proc(case):
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").symlink_to("/proc/self/root/etc/hostname")


# ---- paths ----

for _name, _path, _why in [
    ("an_absolute_path", "/etc/passwd", "it is absolute"),
    ("a_path_that_goes_up", "../model.bin", r"it has '\.\.' in it"),
    ("a_path_that_goes_up_and_down", "data/../model.bin", r"it has '\.\.' in it"),
    ("a_path_that_ends_going_up", "data/..", r"it has '\.\.' in it"),
    ("a_path_with_a_dot", "./model.bin", "it is not in its plain form"),
    ("a_path_with_a_dot_inside", "data/./kb/facts.json", "it is not in its plain form"),
    ("a_path_with_two_slashes", "data//kb/facts.json", "it is not in its plain form"),
    ("a_path_that_ends_in_a_slash", "model.bin/", "it is not in its plain form"),
    ("an_empty_path", "", "it is empty"),
    ("a_path_with_a_newline", "model.bin\nconfig.json", "the name holds a control character"),
    ("a_path_with_an_escape", "\x1b[2Jmodel.bin", "the name holds a control character"),
    ("a_path_with_del", "model\x7f.bin", "the name holds a control character"),
    ("a_path_with_c1", "model\x9b.bin", "the name holds a control character"),
    ("a_path_with_nul", "model.bin\0.txt", "the name holds a zero byte"),
    ("a_path_that_turns_around", "model\u202enib.exe", "the name holds a control character"),
    ("a_path_that_is_too_long", "a/" * 2100 + "b", "(it is too long|longer than 4095 bytes)"),
    ("a_name_that_is_too_long", "a" * 256, "a name in it is too long"),
]:
    edit(_name, STOPPED, (r"MANIFEST\.json:\d+: path.*" + _why, REFUSED),
         lambda case, path=_path: case.entry().update(path=path))

# ---- duplicates ----

edit("an_entry_twice", STOPPED, r"MANIFEST\.json:\d+: 'model\.bin' is declared twice",
     lambda case: case.manifest["artifacts"].append(dict(case.entry())))
edit("an_entry_twice_with_another_hash", STOPPED,
     r"MANIFEST\.json:\d+: 'model\.bin' is declared twice",
     lambda case: case.manifest["artifacts"].append(dict(case.entry(), sha256="0" * 64)))
replace("an_entry_twice_by_an_escape", STOPPED,
        r"MANIFEST\.json:\d+: 'config\.json' is declared twice", '"model.bin"', '"c\\u006fnfig.json"')
replace("a_key_twice_in_an_entry", STOPPED, r"MANIFEST\.json:\d+: the key 'bytes' stands twice",
        '"bytes": 280', '"bytes": 280,\n      "bytes": 280')
replace("a_key_twice_by_an_escape", STOPPED, r"MANIFEST\.json:\d+: the key 'bytes' stands twice",
        '"bytes": 280', '"bytes": 280,\n      "byt\\u0065s": 1')
replace("artifacts_twice", STOPPED, r"MANIFEST\.json:\d+: the key 'artifacts' stands twice",
        '"generated_at"', '"artifacts": [{"path": "a", "sha256": "' + "0" * 64
        + '", "bytes": 0, "role": "x"}], "generated_at"')
replace("generated_at_twice", STOPPED, r"MANIFEST\.json:2: the key 'generated_at' stands twice",
        '"generated_at"', '"generated_at": "2030-01-01T00:00:00Z", "generated_at"')
replace("git_sha_twice", STOPPED, r"MANIFEST\.json:\d+: the key 'git_sha' stands twice",
        '"git_sha": null', '"git_sha": null, "git_sha": null')

# ---- hashes ----

HASH = sha256(MODEL)
for _name, _hash in [("an_upper_case_hash", HASH.upper()), ("a_mixed_case_hash", HASH[:-1] + "F"),
                     ("a_short_hash", HASH[:-1]), ("a_long_hash", HASH + "0"),
                     ("an_empty_hash", ""), ("a_hash_of_no_hex", "g" + HASH[1:]),
                     ("a_hash_with_its_name", "sha256:" + HASH),
                     ("a_hash_with_a_blank", " " + HASH[1:]), ("a_hash_of_md5", HASH[:32]),
                     ("a_hash_of_sha512", HASH * 2)]:
    edit(_name, STOPPED, r"MANIFEST\.json:\d+: sha256: .*64 lower-case hex digits",
         lambda case, value=_hash: case.entry().update(sha256=value))
for _digest in ("md5", "sha1", "sha512", "blake3"):
    def _rename(case, name=_digest):
        case.entry()[name] = case.entry().pop("sha256")
    edit("another_digest_" + _digest, STOPPED,
         rf"MANIFEST\.json:\d+: the key '{_digest}' is no digest that is known", _rename)
edit("a_weaker_digest_beside_it", STOPPED, r"MANIFEST\.json:\d+: the key 'md5' is no digest",
     lambda case: case.entry().update(md5="0" * 32))
edit("a_hash_that_is_null", STOPPED, r"MANIFEST\.json:\d+: sha256: a string is missing",
     lambda case: case.entry().update(sha256=None))

# ---- numbers ----

for _name, _number in [("a_fraction", "280.0"), ("an_exponent", "28e1"), ("a_negative_size", "-280"),
                       ("a_leading_zero", "0280"), ("a_plus", "+280"), ("a_size_as_text", '"280"'),
                       ("a_size_that_is_true", "true"), ("a_size_that_is_null", "null"),
                       ("a_size_past_64_bits", "18446744073709551896"),
                       ("a_size_past_63_bits", "9223372036854775808"),
                       ("a_size_in_hex", "0x118"), ("not_a_number", "NaN"), ("minus_zero", "-0")]:
    replace(_name, STOPPED, r"MANIFEST\.json:\d+: ", '"bytes": 280', '"bytes": ' + _number)

# ---- keys, types, JSON ----

replace("an_unknown_key", STOPPED, r"MANIFEST\.json:\d+: the key 'note' is not known",
        '"git_sha"', '"note": 1, "git_sha"')
edit("an_unknown_key_in_an_entry", STOPPED, r"MANIFEST\.json:\d+: the key 'url' is not known",
     lambda case: case.entry().update(url="http://example.invalid/"))
replace("a_key_of_another_case", STOPPED, r"MANIFEST\.json:\d+: the key 'Path' is not known",
        '"path": "model.bin"', '"Path": "model.bin"')
edit("no_artifacts", STOPPED, r"MANIFEST\.json:\d+: artifacts: an empty list vouches for nothing",
     lambda case: case.manifest.update(artifacts=[]))
edit("artifacts_missing", STOPPED, r"MANIFEST\.json:\d+: the key 'artifacts' is missing",
     lambda case: case.manifest.pop("artifacts"))
edit("generated_at_missing", STOPPED, r"MANIFEST\.json:\d+: the key 'generated_at' is missing",
     lambda case: case.manifest.pop("generated_at"))
edit("git_sha_missing", STOPPED, r"MANIFEST\.json:\d+: the key 'git_sha' is missing",
     lambda case: case.manifest.pop("git_sha"))
for _key in ("path", "sha256", "bytes", "role"):
    edit("no_" + _key, STOPPED, rf"MANIFEST\.json:\d+: the key '{_key}' is missing",
         lambda case, key=_key: case.entry().pop(key))
edit("a_role_with_blanks", STOPPED, r"MANIFEST\.json:\d+: role: ",
     lambda case: case.entry().update(role="model weights"))
edit("artifacts_as_an_object", STOPPED, r"MANIFEST\.json:\d+: '\[' is missing",
     lambda case: case.manifest.update(artifacts={"model.bin": HASH}))
edit("an_entry_that_is_a_text", STOPPED, r"MANIFEST\.json:\d+: '\{' is missing",
     lambda case: case.manifest["artifacts"].append("model.bin"))
edit("a_later_version", STOPPED, r"MANIFEST\.json:\d+: version: ",
     lambda case: case.manifest.update(version=2))
edit("a_git_sha_of_no_hex", STOPPED, r"MANIFEST\.json:\d+: git_sha: ",
     lambda case: case.manifest.update(git_sha="master"))
for _name, _time in [("no_time", "yesterday"), ("no_such_day", "2025-02-30T00:00:00Z"),
                     ("no_such_hour", "2025-02-20T24:00:00Z"), ("no_zone", "2025-02-20T10:00:00"),
                     ("another_zone", "2025-02-20T10:00:00+01:00"), ("a_date", "2025-02-20")]:
    edit("a_time_that_is_" + _name, STOPPED, r"MANIFEST\.json:\d+: generated_at: ",
         lambda case, value=_time: case.manifest.update(generated_at=value))
edit("a_time_that_is_a_number", STOPPED, r"MANIFEST\.json:\d+: generated_at: a string is missing",
     lambda case: case.manifest.update(generated_at=EPOCH))
edit("from_the_future", STOPPED, r"MANIFEST\.json: it is of 2199-01-01T00:00:00Z; here it is ",
     lambda case: case.manifest.update(generated_at="2199-01-01T00:00:00Z"))


@row(STOPPED, r"MANIFEST\.json:1: the file is empty")
def an_empty_file(case):
    case.put("")


@row(STOPPED, r"MANIFEST\.json:1: '\{' is missing at its start")
def no_json(case):
    case.put("hello\n")


@row(STOPPED, r"MANIFEST\.json:1: '\{' is missing at its start")
def a_list(case):
    case.put("[" + case.text() + "]")


@row(STOPPED, r"MANIFEST\.json:1: it begins with a byte order mark")
def a_byte_order_mark(case):
    case.put("\ufeff" + case.text())


@row(STOPPED, r"MANIFEST\.json:1: ")
def in_utf16(case):
    case.put(case.text().encode("utf-16-le"))


@row(STOPPED, r"MANIFEST\.json:\d+: something follows its end")
def something_behind_it(case):
    case.put(case.text() + case.text())


@row(STOPPED, r"MANIFEST\.json:\d+: something follows its end")
def a_zero_byte_behind_it(case):
    case.put(case.text() + "\0")


@row(STOPPED, r"MANIFEST\.json:\d+: ")
def cut_short(case):
    case.put(case.text()[:-20])


@row(STOPPED, r"MANIFEST\.json:\d+: ")
def a_comma_too_many(case):
    case.put(case.text().replace("    }\n  ]", "    },\n  ]"))


@row(STOPPED, r"MANIFEST\.json:\d+: ")
def a_comment(case):
    case.put(case.text().replace('  "git_sha"', '  // fine\n  "git_sha"'))


@row(STOPPED, r"MANIFEST\.json:\d+: ")
def single_quotes(case):
    case.put(case.text().replace('"', "'"))


@row(STOPPED, r"MANIFEST\.json:\d+: path: bytes that are not UTF-8")
def a_path_that_is_not_utf8(case):
    case.put(case.text().encode().replace(b"model.bin", b"mod\xffl.bin"))


@row(STOPPED, r"MANIFEST\.json:\d+: path: bytes that are not UTF-8")
def an_overlong_slash(case):
    case.put(case.text().encode().replace(b"model.bin", b"..\xc0\xafmodel.bin"))


@row(STOPPED, r"MANIFEST\.json:\d+: path: a broken escape")
def half_a_surrogate(case):
    case.put(case.text().replace("model.bin", "model\\ud800.bin"))


@row(STOPPED, r"MANIFEST\.json:\d+: path: a broken escape")
def an_escape_that_is_none(case):
    case.put(case.text().replace("model.bin", "mod\\x65l.bin"))


@row(STOPPED, r"MANIFEST\.json:\d+: ")
def nested_deeply(case):
    case.put('{"artifacts": ' + "[" * 200000)


@row(STOPPED, r"MANIFEST\.json: larger than 1073741824 bytes", REFUSED)
def larger_than_its_bound(case):
    os.truncate(case.root / "MANIFEST.json", (1 << 30) + 1)


@row(STOPPED, r"model\.bin: sha256 is ")
def two_files_changed_places(case):
    case.write("other.bin", MODEL[::-1])
    os.rename(case.root / "other.bin", case.root / "model.bin")


edit("a_size_that_does_not_fit_the_hash", STOPPED, r"model\.bin: 280 bytes, the manifest says 279",
     lambda case: case.entry().update(bytes=279))
edit("a_hash_of_another_file", STOPPED, r"model\.bin: sha256 is ",
     lambda case: case.entry().update(sha256=sha256(b"")))
edit("a_file_of_another_case", STOPPED, r"MODEL\.bin: missing",
     lambda case: case.entry().update(path="MODEL.bin"))
edit("a_file_by_a_windows_path", STOPPED, r"data\\kb\\facts\.json: missing",
     lambda case: case.entry("data/kb/facts.json").update(path="data\\kb\\facts.json"))

# ---- more of the same, by other ways ----

for _name, _escape in [
    ("going_up_by_escapes", "\\u002e\\u002e/model.bin"), ("absolute_by_an_escape", "\\u002fmodel.bin"),
    ("absolute_by_another_escape", "\\/model.bin"), ("a_dot_by_an_escape", "\\u002E/model.bin"),
    ("nul_by_an_escape", "model.bin\\u0000"), ("a_newline_by_an_escape", "model.bin\\n"),
    ("a_tab_by_an_escape", "model\\t.bin"), ("backspaces", "x\\bmodel.bin"),
    ("c1_by_an_escape", "model\\u0085.bin"), ("a_mark_by_an_escape", "model\\u200f.bin"),
    ("an_isolate_by_an_escape", "model\\u2066.bin"), ("a_line_separator", "model\\u2028.bin"),
    ("half_a_surrogate_at_its_end", "model.bin\\udfff"), ("surrogates_backwards", "\\udc00\\ud800"),
    ("a_surrogate_and_a_letter", "\\ud800\\u0041"), ("a_surrogate_and_no_escape", "\\ud800A"),
    ("an_escape_of_three_digits", "\\u04g"), ("an_escape_cut_off", "model.bin\\u00"),
    ("an_escape_in_upper_case", "\\U006D"), ("an_octal_escape", "\\155odel.bin"),
    ("an_escape_at_its_end", "model.bin\\"),
]:
    replace("a_path_with_" + _name, STOPPED, r"MANIFEST\.json:\d+: ", '"model.bin"', f'"{_escape}"')

for _name, _bytes in [
    ("overlong_dots", b"\xc0\xae\xc0\xae/model.bin"), ("an_overlong_letter", b"\xe0\x81\xadodel.bin"),
    ("a_surrogate_in_utf8", b"\xed\xa0\x80"), ("a_pair_in_utf8", b"\xed\xa0\xbd\xed\xb8\x80"),
    ("a_character_past_unicode", b"\xf4\x90\x80\x80"), ("five_bytes", b"\xf8\x88\x80\x80\x80"),
    ("a_byte_too_few", b"model.bin\xe2\x82"), ("a_byte_too_many", b"model.bin\x80"),
    ("latin1", "mod\u00e9l.bin".encode("latin-1")), ("a_raw_newline", b"model\n.bin"),
    ("a_raw_tab", b"model\t.bin"), ("a_raw_nul", b"model.bin\0"),
]:
    def _put(case, data=_bytes):
        case.put(case.text().encode().replace(b"model.bin", data))
    ROWS.append(("a_path_with_" + _name, _put, STOPPED, (r"MANIFEST\.json:\d+: path: ",)))

for _name, _path in [("percents", "model%2ebin"), ("a_blank_behind_it", "model.bin "),
                     ("a_blank_before_it", " model.bin"), ("a_dot_behind_it", "model.bin."),
                     ("a_stream", "model.bin::$DATA"), ("a_drive", "C:model.bin"),
                     ("a_wide_letter", "\uff4dodel.bin"), ("a_cyrillic_letter", "m\u043edel.bin"),
                     ("an_invisible_letter", "model\u200b.bin"), ("a_byte_order_mark", "\ufeffmodel.bin"),
                     ("another_case_of_a_folder", "Tokenizer/vocab.txt"), ("a_glob", "model.*"),
                     ("a_home", "~/model.bin"), ("a_variable", "$PWD/model.bin"),
                     ("an_address", "file:model.bin"), ("a_file_as_a_folder", "model.bin/x")]:
    edit("a_path_with_" + _name, STOPPED, r".*: missing$", lambda case, path=_path: case.entry().update(path=path))


def beside(name, first, second):
    """A row: one file that two entries name, in another case or another normal form."""
    def change(case):
        case.write(first, b"x")
        for path in (first, second):
            case.manifest["artifacts"].append({"path": path, "sha256": sha256(b"x"), "bytes": 1,
                                               "role": "unknown"})
        case.save()
    ROWS.append((name, change, STOPPED, (re.escape(second) + ": missing$",)))


beside("one_file_by_two_cases", "readme", "README")
beside("one_file_by_two_normal_forms", "\u00e9", "e\u0301")
beside("one_file_by_two_compatible_forms", "\ufb01", "fi")

for _name, _number in [("an_upper_case_exponent", "28E1"), ("a_point_behind_it", "280."),
                       ("a_point_before_it", ".280"), ("an_underscore", "2_80"), ("infinity", "Infinity"),
                       ("a_list", "[280]"), ("an_object", "{}"), ("nothing", ""), ("two_numbers", "280 280"),
                       ("a_suffix", "280n"), ("a_fraction_of_zero", "280.000"), ("arabic", "\u0662\u0668\u0660"),
                       ("a_long_one", "9" * 400), ("a_sum", "279+1")]:
    replace("a_size_that_is_" + _name, STOPPED, r"MANIFEST\.json:\d+: ", '"bytes": 280', '"bytes": ' + _number)

for _key, _value in [("path", "null"), ("path", "1"), ("path", "[]"), ("path", '["model.bin"]'),
                     ("role", "null"), ("role", '""'), ("role", '"' + "x" * 65 + '"'), ("role", "{}"),
                     ("role", '"a\\u0000"'), ("role", '"../x"'), ("role", '"r\u00f4le"'), ("sha256", "1"),
                     ("sha256", "[]"), ("sha256", '"' + "0" * 63 + '\\u0000"'),
                     ("sha256", '"' + "0" * 63 + '\uff10"'), ("sha256", '"' + "0" * 63 + '\\n"')]:
    def _set(case, key=_key, value=_value):
        case.entry()[key] = "@"
        case.put(text_of(case.manifest).replace('"@"', value))
    ROWS.append((f"the_{_key}_{len(ROWS)}", _set, STOPPED, (rf"MANIFEST\.json:\d+: {_key}",)))

for _name, _old, _new in [
    ("artifacts_that_are_null", '"artifacts": [', '"artifacts": null, "x": ['),
    ("artifacts_twice_by_an_escape", '"git_sha"', '"artif\\u0061cts": [], "git_sha"'),
    ("artifacts_in_another_case", '"artifacts"', '"Artifacts"'),
    ("a_key_with_a_blank", '"artifacts"', '"artifacts "'),
    ("a_key_with_nul", '"artifacts"', '"artifacts\\u0000"'),
    ("an_empty_key", '"git_sha"', '"": 1, "git_sha"'),
    ("a_prototype", '"git_sha"', '"__proto__": {}, "git_sha"'),
    ("a_signature_of_its_own", '"git_sha"', '"signature": "", "git_sha"'),
    ("an_empty_entry", '"artifacts": [', '"artifacts": [{},'),
    ("an_entry_that_is_null", '"artifacts": [', '"artifacts": [null,'),
    ("an_entry_in_a_list", '"artifacts": [', '"artifacts": [[{}],'),
    ("entries_in_an_entry", '"bytes": 280', '"bytes": 280, "artifacts": []'),
    ("a_comma_before_the_first", '"artifacts": [', '"artifacts": [,'),
    ("two_commas", '"git_sha": null,', '"git_sha": null,,'),
    ("a_comma_in_an_entry", '"bytes": 280,', '"bytes": 280,,'),
    ("a_key_without_quotes", '"git_sha"', "git_sha"),
    ("a_semicolon", '"git_sha": null,', '"git_sha": null;'),
    ("an_equals_sign", '"git_sha": null', '"git_sha" = null'),
    ("a_comment_with_a_hash", '"git_sha"', '# fine\n"git_sha"'),
    ("a_comment_in_c", '"git_sha"', '/* fine */ "git_sha"'),
    ("a_form_feed", '"git_sha"', '\f"git_sha"'), ("a_vertical_tab", '"git_sha"', '\v"git_sha"'),
    ("a_no_break_space", '"git_sha"', '\u00a0"git_sha"'), ("a_nul_between", '"git_sha"', '\0"git_sha"'),
    ("a_version_as_text", '"git_sha"', '"version": "1", "git_sha"'),
    ("a_version_with_a_fraction", '"git_sha"', '"version": 1.0, "git_sha"'),
    ("a_version_of_zero", '"git_sha"', '"version": 0, "git_sha"'),
    ("a_version_of_null", '"git_sha"', '"version": null, "git_sha"'),
    ("a_version_twice", '"git_sha"', '"version": 1, "version": 1, "git_sha"'),
    ("dirty_as_text", '"git_sha"', '"git_dirty": "true", "git_sha"'),
    ("dirty_as_a_number", '"git_sha"', '"git_dirty": 1, "git_sha"'),
    ("dirty_in_python", '"git_sha"', '"git_dirty": True, "git_sha"'),
    ("nothing_in_python", '"git_sha": null', '"git_sha": None'),
    ("nothing_with_a_letter_more", '"git_sha": null', '"git_sha": nulll'),
    ("an_empty_commit", '"git_sha": null', '"git_sha": ""'),
    ("a_commit_in_upper_case", '"git_sha": null', '"git_sha": "' + "A" * 40 + '"'),
]:
    replace("with_" + _name, STOPPED, r"MANIFEST\.json:\d+: ", _old, _new)

for _name, _time in [("with_a_blank", "2025-11-24 16:00:00Z"), ("of_a_leap_second", "2025-11-24T16:00:60Z"),
                     ("of_month_13", "2025-13-01T00:00:00Z"), ("of_day_0", "2025-01-00T00:00:00Z"),
                     ("before_1970", "1969-12-31T23:59:59Z"), ("of_five_digits", "12025-11-24T16:00:00Z"),
                     ("with_a_zone_behind_its_zone", "2025-11-24T16:00:00ZZ"), ("empty", ""),
                     ("of_another_minus", "2025\u22121-24T16:00:00Z"), ("with_nul", WHEN + "\0")]:
    edit("a_time_" + _name, STOPPED, r"MANIFEST\.json:\d+: generated_at: ",
         lambda case, value=_time: case.manifest.update(generated_at=value))

for _name, _make in [
    ("in_utf16_with_a_mark", lambda text: text.encode("utf-16")),
    ("in_utf16_of_the_other_end", lambda text: text.encode("utf-16-be")),
    ("in_utf32", lambda text: text.encode("utf-32")),
    ("with_a_mark_behind_it", lambda text: text.encode() + b"\xef\xbb\xbf"),
    ("with_an_end_of_file_of_dos", lambda text: text.encode() + b"\x1a"),
    ("with_a_zero_byte_before_it", lambda text: b"\0" + text.encode()),
    ("with_a_bracket_behind_it", lambda text: text.encode() + b"}"),
    ("with_a_number_behind_it", lambda text: text.encode() + b"1"),
    ("behind_a_word", lambda text: b"for(;;);" + text.encode()),
    ("in_lines_of_json", lambda text: text.encode() + b"{}\n"),
    ("compressed", lambda text: gzip.compress(text.encode())),
    ("in_quotes", lambda text: json.dumps(text).encode()),
    ("in_an_object", lambda text: b'{"manifest": ' + text.encode() + b"}"),
    ("of_brackets", lambda text: b'{"artifacts": [' + b"{" * 100000),
    ("of_blanks", lambda text: b" " * 100000),
]:
    ROWS.append((_name, lambda case, make=_make: case.put(make(case.text())), STOPPED,
                 (r"MANIFEST\.json:\d+: ",)))


@row(STOPPED, r"model\.bin: sha256 is ")
def a_file_of_zeros_that_has_no_blocks(case):
    case.write("model.bin", b"")
    os.truncate(case.root / "model.bin", len(MODEL))


@row(STOPPED, r"model\.bin: \d+ bytes, the manifest says 280$")
def a_file_that_is_longer_by_a_hole(case):
    os.truncate(case.root / "model.bin", 1 << 40)


@row(STOPPED, r"model\.bin: (a device, no regular file|missing)$")
def a_device_in_place_of_a_file(case):
    (case.root / "model.bin").unlink()
    if os.geteuid() == 0:
        os.mknod(case.root / "model.bin", 0o20666, os.makedev(1, 5))


@row(STOPPED, r"model\.bin: (reached by a link|a link that leaves|missing)")
def two_links_in_a_ring(case):
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").symlink_to("other.bin")
    (case.root / "other.bin").symlink_to("model.bin")


@row(STOPPED, r"model\.bin: (reached by a link|a link that leaves|missing)")
def a_link_that_leads_nowhere(case):
    (case.root / "model.bin").unlink()
    (case.root / "model.bin").symlink_to("nowhere")


@row(STOPPED, r"model\.bin: a link that leaves the root$")
def a_link_out_and_back_in(case):
    os.rename(case.root / "model.bin", case.root / "other.bin")
    (case.root / "model.bin").symlink_to("../root/other.bin")


# ---- what looks guilty and is not ----

FINE = r"MANIFEST\.json: \d+ files, .* as declared; not signed: nothing says who made it$"


@row(ADMIT, FINE)
def nothing_is_wrong(case):
    pass


@row(ADMIT, FINE)
def in_one_line(case):
    case.put(json.dumps(case.manifest))


@row(ADMIT, FINE)
def with_windows_line_ends(case):
    case.put(case.text().replace("\n", "\r\n"))


@row(ADMIT, FINE)
def keys_in_another_order(case):
    case.manifest["artifacts"] = [dict(reversed(a.items())) for a in case.manifest["artifacts"]]
    case.put(json.dumps(dict(reversed(case.manifest.items()))))


@row(ADMIT, FINE)
def entries_in_another_order(case):
    case.manifest["artifacts"].reverse()
    case.save()


@row(ADMIT, FINE)
def escapes_where_none_are_needed(case):
    case.put(case.text().replace("model.bin", "\\u006dod\\u0065l.bin").replace("data/", "data\\/"))


@row(ADMIT, FINE)
def odd_names(case):
    for name in ("...", "..a", "a..", ".hidden", "a b", "ä€😀.txt", "❤️.png", "a\\b", "-rf", "%2e%2e",
                 "~", "*", "a'b\"c", "C:", "COM1", "trailing ", "trailing."):
        case.write("odd/" + name, name.encode())
        case.manifest["artifacts"].append({"path": "odd/" + name, "sha256": sha256(name.encode()),
                                           "bytes": len(name.encode()), "role": "unknown"})
    case.save()


edit("the_first_version_by_its_number", ADMIT, FINE, lambda case: case.manifest.update(version=1))
edit("a_commit", ADMIT, FINE,
     lambda case: case.manifest.update(git_sha="0123456789abcdef0123456789abcdef01234567"))
edit("a_commit_with_changes", ADMIT, FINE,
     lambda case: case.manifest.update(git_sha="a" * 64, git_dirty=True))
edit("a_commit_of_which_nothing_is_known", ADMIT, FINE,
     lambda case: case.manifest.update(git_sha="a" * 40, git_dirty=None))
edit("a_time_as_python_writes_it", ADMIT, FINE,
     lambda case: case.manifest.update(generated_at="2025-11-24T16:00:00.123456+00:00"))
edit("a_role_of_ones_own", ADMIT, FINE, lambda case: case.entry().update(role="lora_adapter"))


@row(ADMIT, FINE)
def an_empty_file_that_is_declared_so(case):
    case.write("empty", b"")
    case.manifest["artifacts"].append({"path": "empty", "sha256": sha256(b""), "bytes": 0,
                                       "role": "unknown"})
    case.save()


@row(ADMIT, FINE)
def a_file_nobody_declared(case):
    case.write("extra.py", b"print()\n")


@row(ADMIT, FINE)
def two_files_that_differ_in_case_or_normal_form(case):
    for name in ("readme", "README", "\u00e9", "e\u0301"):
        case.write(name, name.encode())
        case.manifest["artifacts"].append({"path": name, "sha256": sha256(name.encode()),
                                           "bytes": len(name.encode()), "role": "unknown"})
    case.save()


@row(ADMIT, FINE)
def a_path_of_a_pair_of_surrogates(case):
    case.write("\U0001f600", b"")
    case.manifest["artifacts"].append({"path": "\U0001f600", "sha256": sha256(b""), "bytes": 0,
                                       "role": "unknown"})
    case.put(json.dumps(case.manifest))  # in ASCII


@row(ADMIT, FINE)
def without_a_newline_at_its_end(case):
    case.put(case.text().rstrip("\n"))


@row(ADMIT, FINE)
def with_blanks_around_it(case):
    case.put("\n \t\r\n" + case.text() + "\n\n")


@row(ADMIT, FINE)
def a_hard_link(case):
    os.link(case.root / "model.bin", case.root.parent / "linked.bin")
