"""Bundles that must not be accepted, and some that must: each with what is said of it.

A row is (name, make, status, words). make(case) is called with a model and a key that is trusted;
it returns the bundle, as JSON, as text or as bytes, and may change the model. It is verified with
case.trusted; words: what must be said.
"""

import base64
import copy
import json
import os
import pathlib

from _chain import FUTURE, LEAF, PAST, ROOT, Certificate, chain
from _model import IN_TOTO, b64, bundle, digest, hint, key_pair, openssl, pae, sign, statement

ADMIT, STOPPED, USAGE = 0, 1, 2
FILES = {"a": b"a", "b.bin": b"bb", "s/c": b"ccc"}
SIGNED = [(n, digest(d)) for n, d in sorted(FILES.items())]
NONE = digest(b"")


class Keys:
    """Keys and certificates, made once, when they are first asked for."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.made = {}

    def once(self, name, make):
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def pair(self, name="key", curve="prime256v1"):
        return self.once(name, lambda: key_pair(self.folder, curve, name))

    def certificate(self, name, **how):
        return self.once(name, lambda: Certificate(self.folder, name, **how))

    @property
    def root(self):
        return self.certificate("root", extensions=ROOT)

    @property
    def middle(self):
        return self.certificate("middle", by=self.root, extensions=ROOT)

    @property
    def leaf(self):
        return self.certificate("leaf", by=self.middle)


class Case:
    def __init__(self, folder, keys):
        self.folder = pathlib.Path(folder)
        self.keys = keys
        self.secret, self.public = keys.pair()
        self.trusted = [self.public]
        self.options = []
        for name, content in FILES.items():
            self.write(name, content)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def bundle(self, said=None, material=None):
        return bundle(self.secret, self.public, said or statement(SIGNED), material=material)

    def signed_by(self, *certificates, said=None, trusted=None):
        """By the first one's key; trusted: the roots."""
        self.trusted = [c.pem for c in trusted or [self.keys.root]]
        return bundle(certificates[0].secret, None, said or statement(SIGNED),
                      material=chain(*certificates))


ROWS = []


def row(status, words=""):
    def add(fn):
        ROWS.append((fn.__name__, fn, status, words))
        return fn
    return add


def said(name, status, words, change):
    """A row about a statement that was changed before it was signed."""
    def make(case):
        s = statement(SIGNED)
        return case.bundle(change(s) or s)
    ROWS.append((name, make, status, words))


def edit(name, status, words, change):
    """A row about a bundle that was changed afterwards."""
    def make(case):
        b = case.bundle()
        got = change(b)
        return b if got is None else got
    ROWS.append((name, make, status, words))


def setting(*path):
    """Sets what the path leads to: its last element."""
    *path, value = path

    def change(b):
        for key in path[:-1]:
            b = b[key]
        b[path[-1]] = value
    return change


def deleting(*path):
    def change(b):
        for key in path[:-1]:
            b = b[key]
        del b[path[-1]]
    return change


MATERIAL, ENVELOPE = "verificationMaterial", "dsseEnvelope"
FIRST = (ENVELOPE, "signatures", 0)
PREDICATE, HOW, RESOURCES = "predicate", ("predicate", "serialization"), ("predicate", "resources")


# ---- the bundle ----

@row(ADMIT, "3 files")
def nothing_is_wrong(case):
    return case.bundle()


for _version in ("+json;version=0.1", "+json;version=0.2", "+json;version=0.3", ".v0.1+json",
                 ".v0.2+json", ".v0.4+json", ".V0.3+json", ".v0.3+json "):
    edit("of_the_version_" + _version, STOPPED, "mediaType",
         setting("mediaType", "application/vnd.dev.sigstore.bundle" + _version))
edit("without_a_media_type", STOPPED, "mediaType", deleting("mediaType"))
edit("with_a_media_type_that_is_null", STOPPED, "mediaType", setting("mediaType", None))
edit("with_a_key_more", STOPPED, "unknown key", setting("note", "hello"))
edit("with_a_message_signature_as_well", STOPPED, "messageSignature",
     setting("messageSignature", {}))
edit("without_material", STOPPED, MATERIAL, deleting(MATERIAL))
edit("with_material_that_is_a_list", STOPPED, MATERIAL, setting(MATERIAL, []))
edit("without_an_envelope", STOPPED, ENVELOPE, deleting(ENVELOPE))
edit("with_an_envelope_that_is_null", STOPPED, ENVELOPE, setting(ENVELOPE, None))
edit("in_a_list", STOPPED, "", lambda b: [b])
edit("twice", STOPPED, "", lambda b: json.dumps(b) * 2)
edit("with_a_word_behind_it", STOPPED, "", lambda b: json.dumps(b) + "x")
edit("with_a_zero_byte_behind_it", STOPPED, "", lambda b: json.dumps(b).encode() + b"\0")
edit("with_a_byte_order_mark", STOPPED, "", lambda b: b"\xef\xbb\xbf" + json.dumps(b).encode())
edit("in_utf16", STOPPED, "", lambda b: json.dumps(b).encode("utf-16"))
edit("with_a_comment", STOPPED, "", lambda b: json.dumps(b).replace("{", "{ /* fine */", 1))
edit("cut_short", STOPPED, "", lambda b: json.dumps(b)[:-1])
edit("with_the_envelope_twice", STOPPED, "duplicate",
     lambda b: json.dumps(b)[:-1] + ', "dsse\\u0045nvelope": {}}')
edit("with_the_payload_twice", STOPPED, "duplicate",
     lambda b: json.dumps(b).replace('"payload":', '"payload": "", "payload":'))
edit("nested_deeply", STOPPED, "",
     lambda b: json.dumps(b).replace('"tlogEntries": []', '"tlogEntries": ' + "[" * 50000))

# ---- which key ----

edit("with_a_hint_in_upper_case", STOPPED, "hint",
     lambda b: setting(MATERIAL, "publicKey", "hint", b[MATERIAL]["publicKey"]["hint"].upper())(b))
edit("with_an_empty_hint", STOPPED, "hint", setting(MATERIAL, "publicKey", "hint", ""))
edit("with_a_hint_that_is_null", STOPPED, "hint", setting(MATERIAL, "publicKey", "hint", None))
edit("with_a_hint_that_is_short", STOPPED, "hint", setting(MATERIAL, "publicKey", "hint", "ab"))
edit("with_the_hint_of_another_key", STOPPED, "not among",
     setting(MATERIAL, "publicKey", "hint", "0" * 64))
edit("with_no_way_to_find_the_key", STOPPED, "needs one of", deleting(MATERIAL, "publicKey"))
edit("with_a_key_that_is_null", STOPPED, "", setting(MATERIAL, "publicKey", None))
edit("with_a_text_for_a_key", STOPPED, "", setting(MATERIAL, "publicKey", "x"))
edit("with_a_certificate_that_is_null_as_well", STOPPED, "needs one of",
     setting(MATERIAL, "certificate", None))
edit("with_an_empty_chain_as_well", STOPPED, "needs one of",
     setting(MATERIAL, "x509CertificateChain", {"certificates": []}))
edit("with_material_that_nobody_knows", STOPPED, "unknown key", setting(MATERIAL, "pgp", "x"))
edit("with_an_entry_of_a_log", STOPPED, "transparency log",
     setting(MATERIAL, "tlogEntries", [{"logIndex": "1"}]))
edit("with_a_log_that_is_an_object", STOPPED, "transparency log",
     setting(MATERIAL, "tlogEntries", {"a": []}))
edit("with_a_log_that_is_a_number", STOPPED, "transparency log",
     setting(MATERIAL, "tlogEntries", 0))
edit("with_a_timestamp", STOPPED, "timestamp",
     setting(MATERIAL, "timestampVerificationData", {"rfc3161Timestamps": [{"signedTimestamp": "AA=="}]}))
edit("with_no_log_at_all", ADMIT, "", deleting(MATERIAL, "tlogEntries"))
edit("with_a_log_that_is_null", ADMIT, "", setting(MATERIAL, "tlogEntries", None))
edit("with_no_timestamps_said_in_full", ADMIT, "",
     setting(MATERIAL, "timestampVerificationData", {"rfc3161Timestamps": []}))


@row(STOPPED, "not one of its statement")
def signed_by_another_key_with_the_hint_of_ours(case):
    return bundle(case.keys.pair("other")[0], case.public, statement(SIGNED))


@row(STOPPED, "unknown key 'rawBytes'")
def signed_by_another_key_that_it_brings_along(case):
    secret, public = case.keys.pair("other")
    b = bundle(secret, public, statement(SIGNED))
    b[MATERIAL]["publicKey"]["rawBytes"] = b64(public.read_bytes())
    return b


@row(STOPPED, "no root certificate")
def signed_by_a_certificate_where_a_key_is_trusted(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    case.trusted = [case.public]
    return b


# ---- the envelope ----

edit("with_another_payload_type", STOPPED, "payloadType",
     setting(ENVELOPE, "payloadType", "application/json"))
edit("with_a_payload_type_in_upper_case", STOPPED, "payloadType",
     setting(ENVELOPE, "payloadType", IN_TOTO.upper()))
edit("with_no_signature", STOPPED, "0 signatures", setting(ENVELOPE, "signatures", []))
edit("with_the_same_signature_twice", STOPPED, "2 signatures",
     lambda b: b[ENVELOPE]["signatures"].append(b[ENVELOPE]["signatures"][0]))
edit("with_junk_before_the_signature", STOPPED, "2 signatures",
     lambda b: b[ENVELOPE]["signatures"].insert(0, {"sig": "AAAA"}))
edit("with_signatures_in_an_object", STOPPED, "signatures",
     lambda b: setting(ENVELOPE, "signatures", {"0": b[ENVELOPE]["signatures"][0]})(b))
edit("with_a_signature_that_is_a_text", STOPPED, "signature",
     lambda b: setting(ENVELOPE, "signatures", [b[ENVELOPE]["signatures"][0]["sig"]])(b))
edit("with_an_empty_signature", STOPPED, "sig", setting(*FIRST, "sig", ""))
edit("with_a_keyid_of_another_key", STOPPED, "keyid", setting(*FIRST, "keyid", "0" * 64))
edit("with_a_keyid_that_is_a_name", STOPPED, "keyid", setting(*FIRST, "keyid", "release"))
edit("with_a_keyid_that_is_a_number", STOPPED, "keyid", setting(*FIRST, "keyid", 1))
edit("with_the_keyid_of_the_key", ADMIT, "",
     lambda b: setting(*FIRST, "keyid", b[MATERIAL]["publicKey"]["hint"])(b))
edit("without_a_keyid", ADMIT, "", deleting(*FIRST, "keyid"))
edit("with_a_key_that_it_brings_along_alone", STOPPED, "publicKey.hint",
     setting(MATERIAL, "publicKey", {"rawBytes": "AAAA", "keyDetails": "PKIX_ECDSA_P256_SHA_256"}))
edit("with_a_certificate_in_the_signature", STOPPED, "unknown key", setting(*FIRST, "cert", "x"))


def resign(change):
    """The signature's bytes changed."""
    def apply(b):
        sig = base64.b64decode(b[ENVELOPE]["signatures"][0]["sig"])
        b[ENVELOPE]["signatures"][0]["sig"] = b64(change(sig))
    return apply


def numbers(der):
    """r and s of a short DER signature."""
    n = der[3]
    return int.from_bytes(der[4:4 + n], "big"), int.from_bytes(der[6 + n:], "big")


def der(r, s, pad=b""):
    def number(x):
        body = x.to_bytes(x.bit_length() // 8 + 1, "big")
        return b"\x02" + bytes([len(pad + body)]) + pad + body
    both = number(r) + number(s)
    return b"\x30" + (bytes([0x81, len(both)]) if len(both) > 127 else bytes([len(both)])) + both


N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
for _name, _change in [
    ("as_r_and_s_in_a_row", lambda s: b"".join(x.to_bytes(32, "big") for x in numbers(s))),
    ("with_bytes_behind_it", lambda s: s + b"\0"),
    ("with_a_long_length", lambda s: b"\x30\x81" + s[1:]),
    ("with_zeros_before_r_and_s", lambda s: der(*numbers(s), pad=b"\0")),
    ("with_r_and_s_of_zero", lambda s: der(0, 0)),
    ("with_r_and_s_of_one", lambda s: der(1, 1)),
    ("with_s_past_the_order", lambda s: der(numbers(s)[0], numbers(s)[1] + N)),
    ("with_r_and_s_of_the_order", lambda s: der(N, N)),
    ("with_r_and_s_swapped", lambda s: der(*reversed(numbers(s)))),
    ("of_sha256_of_nothing", lambda s: bytes(72)),
    ("cut_in_half", lambda s: s[:36]),
]:
    edit("with_a_signature_" + _name, STOPPED, "not one of its statement", resign(_change))


@row(STOPPED, "not one of its statement")
def signed_over_the_payload_alone(case):
    b = case.bundle()
    payload = base64.b64decode(b[ENVELOPE]["payload"])
    b[ENVELOPE]["signatures"][0]["sig"] = b64(
        openssl("dgst", "-sha256", "-sign", str(case.secret), stdin=payload))
    return b


@row(STOPPED, "not one of its statement")
def signed_over_the_payload_in_base64(case):
    b = case.bundle()
    b[ENVELOPE]["signatures"][0]["sig"] = b64(
        openssl("dgst", "-sha256", "-sign", str(case.secret), stdin=pae(b[ENVELOPE]["payload"].encode())))
    return b


@row(STOPPED, "not one of its statement")
def signed_for_another_payload_type(case):
    b = case.bundle()
    payload = base64.b64decode(b[ENVELOPE]["payload"])
    b[ENVELOPE]["signatures"][0]["sig"] = b64(
        openssl("dgst", "-sha256", "-sign", str(case.secret), stdin=pae(payload, "text/plain")))
    return b


@row(STOPPED, "not one of its statement")
def signed_with_another_hash(case):
    b = case.bundle()
    payload = base64.b64decode(b[ENVELOPE]["payload"])
    b[ENVELOPE]["signatures"][0]["sig"] = b64(
        openssl("dgst", "-sha1", "-sign", str(case.secret), stdin=pae(payload)))
    return b


@row(STOPPED, "not one of its statement")
def with_another_statement_under_the_signature(case):
    case.write("a", b"evil")
    b = case.bundle()
    s = statement([("a", digest(b"evil"))] + SIGNED[1:])
    b[ENVELOPE]["payload"] = b64(json.dumps(s).encode())
    return b


@row(STOPPED, "not one of its statement")
def with_the_payload_in_other_white_space(case):
    b = case.bundle()
    b[ENVELOPE]["payload"] = b64(json.dumps(statement(SIGNED), indent=1).encode())
    return b


for _name, _change in [
    ("with_line_ends", lambda p: p[:76] + "\n" + p[76:]),
    ("with_blanks_behind_it", lambda p: p + " "),
    ("url_safe", lambda p: p.replace("+", "-").replace("/", "_") if set(p) & set("+/") else "_" + p),
    ("without_padding", lambda p: p.rstrip("=") if p.endswith("=") else p[:-1]),
    ("with_padding_too_much", lambda p: p + "===="),
    ("with_a_tail_of_bits", lambda p: "QR==" + p),
]:
    edit("with_a_payload_" + _name, STOPPED, "base64",
         lambda b, change=_change: setting(ENVELOPE, "payload", change(b[ENVELOPE]["payload"]))(b))

# ---- the statement ----

said("of_another_statement_type", STOPPED, "_type", setting("_type", "https://in-toto.io/Statement/v0.1"))
said("of_another_predicate", STOPPED, "predicateType",
     setting("predicateType", "https://model_signing/signature/v1.1"))
said("of_the_predicate_of_an_older_draft", STOPPED, "predicateType",
     setting("predicateType", "https://model_signing/Digests/v0.1"))
said("about_two_subjects", STOPPED, "2 subjects", lambda s: s["subject"].append(s["subject"][0]))
said("about_no_subject", STOPPED, "0 subjects", setting("subject", []))
said("without_a_subject", STOPPED, "subject", deleting("subject"))
said("with_a_subject_without_a_digest", STOPPED, "digest", deleting("subject", 0, "digest"))
said("with_a_subject_of_another_digest_as_well", STOPPED, "digest",
     setting("subject", 0, "digest", "sha512", "0" * 128))
said("with_a_subject_of_another_digest", STOPPED, "digest",
     setting("subject", 0, "digest", {"sha512": "0" * 128}))
said("with_a_subject_of_other_files", STOPPED, "its subject",
     setting("subject", 0, "digest", "sha256", "0" * 64))
said("with_a_subject_in_upper_case", STOPPED, "lower-case",
     lambda s: setting("subject", 0, "digest", "sha256", s["subject"][0]["digest"]["sha256"].upper())(s))
said("without_a_predicate", STOPPED, "predicate", deleting("predicate"))
said("with_a_predicate_that_is_null", STOPPED, "predicate", setting("predicate", None))
said("without_resources", STOPPED, "resources", deleting(*RESOURCES))
said("with_resources_in_an_object", STOPPED, "resources", setting(*RESOURCES, {}))
said("with_a_resource_that_is_a_text", STOPPED, "resource", setting(*RESOURCES, 0, "a"))
said("with_a_resource_without_a_name", STOPPED, "name", deleting(*RESOURCES, 0, "name"))
said("with_a_resource_without_a_digest", STOPPED, "digest", deleting(*RESOURCES, 0, "digest"))
said("with_a_resource_without_an_algorithm", STOPPED, "algorithm",
     deleting(*RESOURCES, 0, "algorithm"))
said("with_a_resource_in_another_hash", STOPPED, "sha256", setting(*RESOURCES, 0, "algorithm", "sha512"))
said("with_a_resource_in_blake2b", STOPPED, "sha256", setting(*RESOURCES, 0, "algorithm", "blake2b"))
said("without_serialization", STOPPED, "serialization", deleting(*HOW))
said("without_a_method", STOPPED, "method", deleting(*HOW, "method"))
said("of_another_method", STOPPED, "method", setting(*HOW, "method", "archive"))
said("of_another_hash_type", STOPPED, "hash_type", setting(*HOW, "hash_type", "blake3"))
said("of_a_hash_type_in_upper_case", STOPPED, "hash_type", setting(*HOW, "hash_type", "SHA256"))
said("with_links_neither_allowed_nor_not", STOPPED, "allow_symlinks", setting(*HOW, "allow_symlinks", "no"))
said("with_links_not_spoken_of", STOPPED, "allow_symlinks", deleting(*HOW, "allow_symlinks"))
said("that_is_a_list", STOPPED, "no JSON object", lambda s: json.dumps([s]).encode())
said("that_is_twice", STOPPED, "JSON", lambda s: json.dumps(s).encode() * 2)
said("with_resources_twice", STOPPED, "duplicate",
     lambda s: json.dumps(s).replace('"resources":', '"resources": [], "resources":').encode())
said("with_a_name_twice_by_an_escape", STOPPED, "duplicate",
     lambda s: json.dumps(s).replace('"name": "a"', '"name": "a", "n\\u0061me": "b.bin"').encode())
said("with_a_name_with_a_zero_byte", STOPPED, "JSON",
     lambda s: json.dumps(s).replace('"name": "a"', '"name": "a\\u0000"').encode())
said("with_half_a_surrogate", STOPPED, "JSON",
     lambda s: json.dumps(s).replace('"name": "a"', '"name": "a\\ud800"').encode())


def listing(name, status, words, change):
    """A row about a list of files that is signed as it stands."""
    def make(case):
        return case.bundle(statement(change(list(SIGNED))))
    ROWS.append((name, make, status, words))


listing("with_the_files_in_another_order", ADMIT, "3 files", lambda files: files[::-1])
listing("with_a_file_that_is_not_there", STOPPED, "d: missing", lambda files: [*files, ("d", NONE)])
listing("without_one_of_the_files", STOPPED, "b.bin: not declared", lambda files: [files[0], files[2]])
listing("with_a_file_twice", STOPPED, "declared twice", lambda files: [*files, files[0]])
for _name, _path in [("up", "../a"), ("absolute", "/a"), ("up_and_down", "s/../a"), ("a_dot", "./a"),
                     ("two_slashes", "s//c"), ("a_slash_behind_it", "a/"), ("dots", ".."),
                     ("a_dot_alone", "."), ("a_control_character", "a\x1b[2J"),
                     ("turned_around", "a\u202e"), ("a_dot_behind_it", "s/.")]:
    listing("with_a_path_of_" + _name, STOPPED, "'",
            lambda files, path=_path: [(path, files[0][1]), *files[1:]])
for _name, _path in [("windows", "s\\c"), ("percent", "s%2fc"), ("upper_case", "S/C"),
                     ("a_blank_behind_it", "s/c "), ("a_colon", "s:c")]:
    listing("with_a_path_of_" + _name, STOPPED, "missing",
            lambda files, path=_path: [*files[:2], (path, files[2][1])])


@row(STOPPED, "its subject")
def with_the_digest_of_the_files_sorted(case):
    s = statement(SIGNED)
    s["predicate"]["resources"].reverse()
    return case.bundle(s)


def ignoring(name, status, words, *paths, also=()):
    def make(case):
        for path in also:
            case.write(path, b"evil")
        return case.bundle(statement(SIGNED, ignore=paths))
    ROWS.append((name, make, status, words))


ignoring("that_leaves_out_nothing_that_is_there", ADMIT, "", "model.sig", ".git", ".gitignore", ".cache")
ignoring("that_leaves_out_the_root", STOPPED, "ignore_paths", "/")
ignoring("that_leaves_out_a_dot_with_a_slash", STOPPED, "ignore_paths", "./")
ignoring("that_leaves_out_what_lies_above", STOPPED, "ignore_paths", "..")
ignoring("that_leaves_out_nothing_by_name", STOPPED, "ignore_paths", "")
ignoring("that_leaves_out_a_star", STOPPED, "evil: not declared", "*", also=["evil"])
ignoring("that_leaves_out_what_is_there", STOPPED, "cache/x: not declared", "cache", also=["cache/x"])
ignoring("that_leaves_out_a_file_that_it_declares", STOPPED, "leaves out", "a")
ignoring("that_leaves_out_a_folder_of_a_file_that_it_declares", STOPPED, "leaves out", "s")
said("with_a_path_left_out_that_is_a_number", STOPPED, "ignore_paths", setting(*HOW, "ignore_paths", [1]))
said("with_paths_left_out_that_are_a_text", STOPPED, "ignore_paths", setting(*HOW, "ignore_paths", "."))


# ---- the files ----

def around(name, status, words, change, links=False):
    """A row about a good bundle and a model that was changed."""
    def make(case):
        b = case.bundle(statement(SIGNED, links=links))
        change(case)
        return b
    ROWS.append((name, make, status, words))


def replaced(case, name, by):
    (case.folder / name).unlink()
    by(case.folder / name)


for _name in (".git/config", ".gitignore", ".gitattributes", ".github/x", "s/.git/hooks/x", ".hidden",
              "__pycache__/a.pyc", "evil.pth", "model.sig.bak", "MODEL.SIG", "s/model.sig",
              "model.sig.minisig", "MANIFEST.json", "a.sig", "A", "a ", "sitecustomize.py"):
    around("with_a_file_more_" + _name, STOPPED, _name + ": not declared",
           lambda case, name=_name: case.write(name, b""))
around("with_a_link_to_a_declared_file", STOPPED, "l: not declared",
       lambda case: (case.folder / "l").symlink_to("a"))
around("with_a_link_to_a_declared_file_where_links_are_allowed", STOPPED, "l: not declared",
       lambda case: (case.folder / "l").symlink_to("a"), links=True)
around("with_a_link_to_a_folder", STOPPED, "l: not declared",
       lambda case: (case.folder / "l").symlink_to("/etc"))
around("with_a_pipe_more", STOPPED, "p: not declared", lambda case: os.mkfifo(case.folder / "p"))
around("with_a_file_that_is_a_pipe", STOPPED, "a pipe", lambda case: replaced(case, "a", os.mkfifo))
around("with_a_file_that_is_a_folder", STOPPED, "a folder", lambda case: replaced(case, "a", os.mkdir))
around("with_a_file_that_is_a_link_within", STOPPED, "link",
       lambda case: (os.rename(case.folder / "a", case.folder / "x"), (case.folder / "a").symlink_to("x")))
around("with_a_folder_that_is_a_link_within", STOPPED, "link",
       lambda case: (os.rename(case.folder / "s", case.folder / "t"), (case.folder / "s").symlink_to("t")))
around("with_a_file_that_is_a_link_out_where_links_are_allowed", STOPPED, "leaves the root",
       lambda case: (os.rename(case.folder / "a", case.folder.parent / "x"),
                     (case.folder / "a").symlink_to("../x")), links=True)
around("with_two_files_that_changed_places", STOPPED, "sha256 is",
       lambda case: (case.write("a", FILES["b.bin"]), case.write("b.bin", FILES["a"])))
around("with_a_file_that_grew", STOPPED, "sha256 is", lambda case: case.write("a", b"a\n"))
around("with_a_file_that_became_empty", STOPPED, "sha256 is", lambda case: case.write("a", b""))
around("with_a_file_of_another_case", STOPPED, "a: missing",
       lambda case: os.rename(case.folder / "a", case.folder / "A"))
around("with_a_hard_link_from_outside", ADMIT, "",
       lambda case: os.link(case.folder / "a", case.folder.parent / "x"))
around("with_an_empty_folder", ADMIT, "", lambda case: os.mkdir(case.folder / "empty"))


# ---- certificates ----

@row(ADMIT, "a@example.org")
def by_a_certificate(case):
    return case.signed_by(case.keys.leaf, case.keys.middle)


@row(ADMIT, "a@example.org")
def by_a_certificate_that_brings_its_root(case):
    return case.signed_by(case.keys.leaf, case.keys.middle, case.keys.root)


@row(ADMIT)
def by_a_certificate_of_the_root(case):
    leaf = case.keys.certificate("direct", by=case.keys.root)
    b = case.signed_by(leaf)
    b[MATERIAL] = {"certificate": b[MATERIAL]["x509CertificateChain"]["certificates"][0]}
    return b


def certified(name, status, words, make):
    ROWS.append((name, make, status, words))


def leaf(name, status, words, extensions=LEAF, **how):
    """A row about a signer's certificate below the middle one."""
    def make(case):
        by = case.keys.certificate(name, by=case.keys.middle, extensions=extensions, **how)
        return case.signed_by(by, case.keys.middle)
    ROWS.append((name, make, status, words))


def middle(name, status, words, extensions=ROOT, **how):
    """The same about the middle one."""
    def make(case):
        by = case.keys.certificate(name, by=case.keys.root, extensions=extensions, **how)
        return case.signed_by(case.keys.certificate(name + "-leaf", by=by), by)
    ROWS.append((name, make, status, words))


DAY = "20200102000000Z"
leaf("by_a_leaf_that_is_expired", STOPPED, "expired", until=DAY)
leaf("by_a_leaf_that_is_not_valid_yet", STOPPED, "not valid yet", since="20980101000000Z")
leaf("by_a_leaf_for_web_servers", STOPPED, "codeSigning", LEAF.replace("codeSigning", "serverAuth"))
leaf("by_a_leaf_for_mail", STOPPED, "codeSigning", LEAF.replace("codeSigning", "emailProtection"))
leaf("by_a_leaf_for_timestamps", STOPPED, "codeSigning",
     LEAF.replace("codeSigning", "critical,timeStamping"))
leaf("by_a_leaf_that_is_not_for_signatures", STOPPED, "digitalSignature",
     LEAF.replace("digitalSignature", "keyAgreement"))
leaf("by_a_leaf_for_certificates", STOPPED, "digitalSignature",
     LEAF.replace("digitalSignature", "keyCertSign,cRLSign"))
leaf("by_a_leaf_for_nothing_in_particular", STOPPED, "for signing", "basicConstraints=CA:FALSE\n")
leaf("by_a_leaf_with_a_critical_extension_that_nobody_knows", STOPPED, "critical",
     LEAF + "1.2.3.4.5=critical,ASN1:UTF8String:x\n")
leaf("by_a_leaf_signed_with_sha1", STOPPED, "", digest="sha1")
leaf("by_a_leaf_on_p224", STOPPED, "P-256", curve="secp224r1")
leaf("by_a_leaf_on_secp256k1", STOPPED, "P-256", curve="secp256k1")
leaf("by_a_leaf_of_rsa", STOPPED, "P-256", curve="RSA")
leaf("by_a_leaf_with_a_key_usage_alone", ADMIT, "",
     "keyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n")
leaf("by_a_leaf_with_an_extended_usage_alone", ADMIT, "", "extendedKeyUsage=codeSigning\n")
leaf("by_a_leaf_for_web_servers_and_code", ADMIT, "",
     LEAF.replace("codeSigning", "serverAuth,codeSigning"))
middle("by_an_issuer_that_is_expired", STOPPED, "expired", until=DAY)
middle("by_an_issuer_that_is_no_authority", STOPPED, "certificate", LEAF)
middle("by_an_issuer_that_does_not_say_so", STOPPED, "no certificate authority", "keyUsage=keyCertSign\n")
middle("by_an_issuer_without_extensions", STOPPED, "certificate", "subjectKeyIdentifier=hash\n")
middle("by_an_issuer_that_may_not_sign_certificates", STOPPED, "certificate",
       ROOT.replace("keyCertSign,", ""))
middle("by_an_issuer_for_web_servers", STOPPED, "codeSigning", ROOT + "extendedKeyUsage=serverAuth\n")
middle("by_an_issuer_for_code", ADMIT, "", ROOT + "extendedKeyUsage=codeSigning\n")
middle("by_an_issuer_of_other_names", STOPPED, "permitted",
       ROOT + "nameConstraints=critical,permitted;email:example.com\n")
middle("by_an_issuer_of_our_names", ADMIT, "",
       ROOT + "nameConstraints=critical,permitted;email:example.org\n")


@row(STOPPED, "expired")
def by_a_root_that_is_expired(case):
    root = case.keys.certificate("old-root", extensions=ROOT, until=DAY)
    return case.signed_by(case.keys.certificate("old-root-leaf", by=root), trusted=[root])


@row(STOPPED, "path length")
def by_a_chain_longer_than_its_root_allows(case):
    root = case.keys.certificate("short-root", extensions=ROOT.replace("CA:TRUE", "CA:TRUE,pathlen:0"))
    by = case.keys.certificate("short-middle", by=root, extensions=ROOT)
    return case.signed_by(case.keys.certificate("short-leaf", by=by), by, trusted=[root])


@row(STOPPED, "not among the root certificates given")
def by_a_root_of_the_same_name(case):
    other = case.keys.certificate("other-root", extensions=ROOT, subject="root")
    by = case.keys.certificate("other-leaf", by=other)
    return case.signed_by(by, other)


@row(ADMIT)
def by_a_certificate_that_is_trusted_itself(case):
    alone = case.keys.certificate("alone")
    return case.signed_by(alone, trusted=[alone])


@row(STOPPED, "keyid")
def by_a_certificate_with_a_keyid(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    b[ENVELOPE]["signatures"][0]["keyid"] = "0" * 64
    return b


@row(STOPPED, "its own issuer")
def by_a_certificate_that_signed_itself(case):
    return case.signed_by(case.keys.certificate("alone"))


@row(STOPPED, "no certificate authority")
def by_a_leaf_that_another_leaf_signed(case):
    by = case.keys.certificate("grandchild", by=case.keys.leaf)
    return case.signed_by(by, case.keys.leaf, case.keys.middle)


@row(STOPPED, "neither in the bundle nor among the root certificates")
def by_a_chain_with_a_link_missing(case):
    return case.signed_by(case.keys.leaf)


@row(STOPPED, "")
def by_a_chain_in_the_wrong_order(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    b[MATERIAL]["x509CertificateChain"]["certificates"].reverse()
    return b


@row(STOPPED, "no part")
def by_a_chain_with_a_stranger_in_it(case):
    stranger = case.keys.certificate("alone")
    return case.signed_by(case.keys.leaf, case.keys.middle, stranger)


@row(STOPPED, "cannot be read")
def by_a_certificate_with_bytes_behind_it(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    b[MATERIAL] = chain(case.keys.leaf.der + b"\0", case.keys.middle)
    return b


@row(STOPPED, "cannot be read")
def by_a_certificate_in_pem(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    b[MATERIAL] = chain(case.keys.leaf.pem.read_bytes(), case.keys.middle)
    return b


@row(STOPPED, "not one of its statement")
def by_a_certificate_that_somebody_else_used(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    other = case.keys.certificate("direct", by=case.keys.root)
    b[MATERIAL] = chain(other)
    return b


@row(STOPPED, "needs one of")
def by_a_certificate_and_a_key(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    b[MATERIAL]["publicKey"] = {"hint": hint(case.public)}
    case.trusted.append(case.public)
    return b


@row(STOPPED, "needs one of")
def by_a_certificate_and_a_chain(case):
    b = case.signed_by(case.keys.leaf, case.keys.middle)
    b[MATERIAL]["certificate"] = b[MATERIAL]["x509CertificateChain"]["certificates"][0]
    return b


@row(STOPPED, "asked for")
def by_somebody_else_of_the_same_root(case):
    case.options = ["--identity", "b@example.org"]
    return case.signed_by(case.keys.leaf, case.keys.middle)


@row(STOPPED, "other")
def by_another_models_signature(case):
    """A good bundle of the same signer, about other files."""
    return case.bundle(statement([("other", digest(b"other"))]))


# ---- attestations ----

# (name, changes the envelope or returns another, changes the statement before it is signed anew, words)
ATTESTED = []


def envelope(name, words, change):
    ATTESTED.append((name, change, None, words))


def attesting(name, words, change):
    ATTESTED.append((name, None, change, words))


ATTESTED.append(("as_it_should_be", None, lambda s: None, None))
envelope("with_another_payload_type", "payloadType", setting("payloadType", "application/json"))
envelope("with_a_key_more", "unknown key", setting("note", 1))
envelope("without_a_keyid", "keyid", deleting("signatures", 0, "keyid"))
envelope("with_an_empty_keyid", "keyid", setting("signatures", 0, "keyid", ""))
envelope("with_another_keyid", "not among", setting("signatures", 0, "keyid", "0" * 64))
envelope("with_no_signature", "0 signatures", setting("signatures", []))
envelope("with_a_signature_too_many", "2 signatures",
         lambda e: e["signatures"].append({"sig": "AAAA", "keyid": ""}))
envelope("with_a_signature_of_zeros", "not one of its statement", setting("signatures", 0, "sig", b64(bytes(70))))
envelope("with_its_payload_cut", "", lambda e: setting("payload", e["payload"][:-4])(e))
envelope("with_its_payload_in_two_lines", "base64",
         lambda e: setting("payload", e["payload"][:40] + "\n" + e["payload"][40:])(e))
envelope("with_the_payload_twice", "duplicate",
         lambda e: json.dumps(e).replace('"payload":', '"payload": "", "payload":'))
envelope("with_a_word_behind_it", "JSON", lambda e: json.dumps(e) + "x")
envelope("in_a_list", "", lambda e: [e])
envelope("that_is_empty", "", lambda e: b"")
attesting("of_another_artifact", "other bytes", setting("subject", 0, "digest", "sha256", NONE))
attesting("of_two_artifacts", "2 subjects", lambda s: s["subject"].append(s["subject"][0]))
attesting("of_no_artifact", "0 subjects", setting("subject", []))
attesting("of_another_digest_as_well", "digest", setting("subject", 0, "digest", "sha512", "0" * 128))
attesting("that_failed", "PASSED", setting(PREDICATE, "verificationResult", "FAILED"))
attesting("that_passed_in_lower_case", "PASSED", setting(PREDICATE, "verificationResult", "passed"))
attesting("without_a_result", "verificationResult", deleting(PREDICATE, "verificationResult"))
attesting("that_holds", "admit", setting(PREDICATE, "urn:pratique:verdict", "verdict", "hold"))
attesting("without_a_verdict", "verdict", deleting(PREDICATE, "urn:pratique:verdict"))
attesting("of_another_verifier", "urn:pratique:gate", setting(PREDICATE, "verifier", "id", "urn:other"))
attesting("without_a_verifier", "verifier", deleting(PREDICATE, "verifier"))
attesting("from_the_future", "has not come yet", setting(PREDICATE, "timeVerified", "2199-01-01T00:00:00Z"))
attesting("of_no_time", "time", setting(PREDICATE, "timeVerified", "yesterday"))
attesting("without_a_time", "timeVerified", deleting(PREDICATE, "timeVerified"))
attesting("without_a_policy", "policy", deleting(PREDICATE, "policy"))
attesting("of_another_predicate", "predicateType",
          setting("predicateType", "https://slsa.dev/verification_summary/v0.2"))
attesting("of_another_statement_type", "_type", setting("_type", "https://in-toto.io/Statement/v0.1"))
attesting("that_is_a_bundles", "predicateType", lambda s: statement(SIGNED))
attesting("with_the_result_twice", "duplicate",
          lambda s: json.dumps(s).replace('"verificationResult"', '"verificationResult": "PASSED", "verificationResult"').encode())
