"""Signatures that must not be accepted, and some that must: each with the rule that says so.

A row is (name, make, rule): make(keys) returns the signature's bytes, or (signature, key file); the
message is MESSAGE. rule: SIG008 where it holds, None where the key itself is refused.
"""

import base64
import hashlib
import struct

from _tools import (MESSAGE, need, openssl_sign, ssh_armor, ssh_blob, ssh_key, ssh_sign, ssh_signed_data,
                    ssh_string, tool)

HOLDS, MISSING, MALFORMED, WRONG, UNKNOWN = "SIG008", "SIG001", "SIG002", "SIG003", "SIG004"
EXPIRED, REVOKED, FORBIDDEN = "SIG005", "SIG006", "SIG007"
ORDER = 2**252 + 27742317777372353535851937790883648493  # of Ed25519


class Pair:
    """An Ed25519 key that signs anything: number, public; the secret one is openssl's."""

    def __init__(self, folder, name, number=b"\1\2\3\4\5\6\7\x08"):
        self.folder, self.number, self.pem = folder, number, folder / f"{name}.pem"
        tool("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.pem)
        self.public = tool("openssl", "pkey", "-in", self.pem, "-pubout", "-outform", "DER").stdout[-32:]
        self.minisign = folder / f"{name}.mini"
        self.minisign.write_bytes(b"untrusted comment: x\n" + base64.b64encode(
            b"Ed" + number + self.public) + b"\n")
        self.blob = ssh_string(b"ssh-ed25519") + ssh_string(self.public)
        self.ssh = folder / f"{name}.ssh"
        self.ssh.write_bytes(b"ssh-ed25519 " + base64.b64encode(self.blob) + b" x\n")

    def sign(self, data):
        return openssl_sign(self.folder, self.pem, data, "pkeyutl", "-sign", "-rawin")


class Keys:
    def __init__(self, folder):
        need("openssl")
        self.folder = folder
        self.ours, self.theirs = Pair(folder, "ours"), Pair(folder, "theirs")
        self.curve, self.rsa = None, None


ROWS = []


def row(rule):
    def add(fn):
        ROWS.append((fn.__name__, fn, rule))
        return fn
    return add


# ---- minisign ----

COMMENT = b"timestamp:1700000000\tfile:m\thashed"


def hashed(message=MESSAGE):
    return hashlib.blake2b(message).digest()


def b64(data):
    return base64.b64encode(data)


class Mini:
    """The four lines, each of which may be another."""

    def __init__(self, key, algorithm=b"ED", data=None, comment=COMMENT, number=None):
        self.key = key
        self.head = algorithm + (number or key.number)
        self.signature = key.sign(hashed() if data is None else data)
        self.comment = comment
        self.whole = None
        self.lines = None

    def text(self, change=lambda lines: lines, end=b"\n"):
        whole = self.whole or self.key.sign(self.signature + self.comment)
        lines = [b"untrusted comment: x", b64(self.head + self.signature),
                 b"trusted comment: " + self.comment, b64(whole)]
        return end.join(change(lines)) + end


def mini(name, rule, make):
    ROWS.append(("minisign_" + name, make, rule))


def lines(name, rule, change, **how):
    mini(name, rule, lambda k: Mini(k.ours, **how).text(change))


def put(i, line):
    return lambda lines: [*lines[:i], line(lines[i]), *lines[i + 1:]]


def malleable(signature):
    s = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + s.to_bytes(32, "little")


lines("as_it_should_be", HOLDS, lambda x: x)
lines("with_an_empty_comment", HOLDS, lambda x: x, comment=b"")
lines("with_a_time_alone", HOLDS, lambda x: x, comment=b"timestamp:1700000000")
lines("with_a_time_that_is_none", HOLDS, lambda x: x, comment=b"timestamp:99999999999999999999999")
lines("with_an_escape_in_its_comment", HOLDS, lambda x: x, comment=b"\x1b[2Jtimestamp:\xff\xe2\x80\xae")
lines("with_windows_line_ends", HOLDS, lambda x: [y + b"\r" for y in x])
mini("of_the_legacy_kind", MALFORMED, lambda k: Mini(k.ours, b"Ed", MESSAGE).text())
mini("hashed_and_said_to_be_legacy", MALFORMED, lambda k: Mini(k.ours, b"Ed").text())
mini("legacy_and_said_to_be_hashed", WRONG, lambda k: Mini(k.ours, data=MESSAGE).text())
for _algorithm in (b"eD", b"ed", b"DE", b"\0\0", b"Sc"):
    mini("of_the_algorithm_" + _algorithm.hex(), MALFORMED,
         lambda k, a=_algorithm: Mini(k.ours, a).text())
mini("of_an_older_file", WRONG, lambda k: Mini(k.ours, data=hashed(b"{}\n")).text())
mini("of_another_hash", WRONG, lambda k: Mini(k.ours, data=hashlib.sha512(MESSAGE).digest()).text())
mini("of_a_shorter_hash", WRONG,
     lambda k: Mini(k.ours, data=hashlib.blake2b(MESSAGE, digest_size=32).digest()).text())
mini("by_another_key_of_the_same_number", WRONG, lambda k: Mini(k.theirs).text())
mini("by_our_key_with_another_number", UNKNOWN, lambda k: Mini(k.ours, number=b"\0" * 8).text())
mini("by_our_key_with_its_number_backwards", UNKNOWN,
     lambda k: Mini(k.ours, number=k.ours.number[::-1]).text())


def whole(name, change):
    """A row about the signature of the comment."""
    def make(k):
        m = Mini(k.ours)
        m.whole = change(m, k)
        return m.text()
    mini("with_the_comment_signed_" + name, WRONG, make)


whole("by_somebody_else", lambda m, k: k.theirs.sign(m.signature + m.comment))
whole("with_another_comment", lambda m, k: k.ours.sign(m.signature + b"another"))
whole("with_another_signature", lambda m, k: k.ours.sign(k.ours.sign(b"x") + m.comment))
whole("without_the_signature", lambda m, k: k.ours.sign(m.comment))
whole("without_the_comment", lambda m, k: k.ours.sign(m.signature))
whole("with_its_line_end", lambda m, k: k.ours.sign(m.signature + m.comment + b"\n"))
whole("with_its_head", lambda m, k: k.ours.sign(m.head + m.signature + m.comment))
whole("by_the_same_signature", lambda m, k: m.signature)
whole("with_nothing", lambda m, k: bytes(64))
whole("with_a_second_spelling", lambda m, k: malleable(k.ours.sign(m.signature + m.comment)))
lines("with_a_comment_that_was_changed", WRONG, put(2, lambda x: x.replace(b"file:m", b"file:n")))
lines("with_a_comment_that_is_longer", WRONG, put(2, lambda x: x + b" "))
lines("with_a_comment_that_is_missing", WRONG, put(2, lambda x: b"trusted comment: "))
lines("with_a_comment_by_another_word", MALFORMED, put(2, lambda x: b"T" + x[1:]))
lines("with_an_untrusted_comment_for_a_trusted_one", MALFORMED, put(2, lambda x: b"un" + x))
lines("with_a_line_before_it", MALFORMED, lambda x: [b"", *x])
lines("with_a_byte_order_mark", MALFORMED, put(0, lambda x: b"\xef\xbb\xbf" + x))
lines("with_an_empty_line_in_it", MALFORMED, lambda x: [*x[:2], b"", *x[2:]])
lines("with_an_empty_line_behind_it", MALFORMED, lambda x: [*x, b""])
lines("with_a_fifth_line", MALFORMED, lambda x: [*x, b"trusted comment: really"])
lines("with_a_second_one_behind_it", MALFORMED, lambda x: x + x)
lines("with_its_lines_in_another_order", MALFORMED, lambda x: [x[0], x[3], x[2], x[1]])
lines("without_its_first_line", MALFORMED, lambda x: x[1:])
lines("without_its_last_line", MALFORMED, lambda x: x[:3])
lines("with_blanks_behind_the_signature", MALFORMED, put(1, lambda x: x + b" "))
lines("with_a_blank_in_the_signature", MALFORMED, put(1, lambda x: x[:10] + b" " + x[10:]))
lines("without_padding", MALFORMED, put(3, lambda x: x.rstrip(b"=")))
lines("in_base64_of_another_kind", MALFORMED, put(1, lambda x: x[:8] + b"-_" + x[10:]))
lines("with_bits_in_the_padding", MALFORMED,
      put(3, lambda x: x[:-3] + bytes([x[-3] + 1]) + b"==" if x.endswith(b"==") else x + b"="))
lines("with_a_byte_too_much", MALFORMED, put(1, lambda x: b64(base64.b64decode(x) + b"\0")))
lines("with_a_byte_too_few", MALFORMED, put(1, lambda x: b64(base64.b64decode(x)[:-1])))
lines("with_a_zero_byte", MALFORMED, put(0, lambda x: x + b"\0"))
lines("with_a_second_spelling", WRONG,
      put(1, lambda x: b64(base64.b64decode(x)[:10] + malleable(base64.b64decode(x)[10:]))))
lines("of_zeros", WRONG, put(1, lambda x: b64(base64.b64decode(x)[:10] + bytes(64))))
lines("of_the_neutral_point", WRONG,
      put(1, lambda x: b64(base64.b64decode(x)[:10] + b"\1" + bytes(63))))
lines("with_a_comment_of_ten_thousand_letters", MALFORMED, lambda x: x, comment=b"x" * 10000)


@row(None)
def minisign_by_a_key_of_small_order(k):
    weak = k.folder / "weak.mini"
    weak.write_bytes(b"untrusted comment: x\n" + b64(b"Ed" + k.ours.number + b"\1" + bytes(31)) + b"\n")
    m = Mini(k.ours)
    m.signature = m.whole = b"\1" + bytes(63)
    return m.text(), weak


@row(None)
def minisign_by_two_keys_in_one_file(k):
    two = k.folder / "two.mini"
    two.write_bytes(k.ours.minisign.read_bytes() + k.theirs.minisign.read_bytes())
    return Mini(k.ours).text(), two


# ---- OpenSSH ----

ED25519 = b"ssh-ed25519"


def ssh(name, rule, make):
    ROWS.append(("ssh_" + name, lambda k: (make(k), k.ours.ssh), rule))


def blob(k, by=None, key=None, space=b"pratique-manifest", signed_space=None, reserved=b"",
         signed_reserved=b"", name=b"sha512", digest=None, algorithm=ED25519, version=1, magic=b"SSHSIG",
         data=None, tail=b"", inner=b"", sign=None):
    """A signature of which each part may be another."""
    digest = hashlib.sha512(MESSAGE).digest() if digest is None else digest
    data = (b"SSHSIG" + ssh_string(space if signed_space is None else signed_space)
            + ssh_string(signed_reserved) + ssh_string(name) + ssh_string(digest)) if data is None else data
    made = (sign or (by or k.ours).sign)(data)
    return (magic + struct.pack(">I", version) + ssh_string(k.ours.blob if key is None else key)
            + ssh_string(space) + ssh_string(reserved) + ssh_string(name)
            + ssh_string(ssh_string(algorithm) + ssh_string(made) + inner) + tail)


def parts(what, rule, **how):
    ssh(what, rule, lambda k: ssh_armor(blob(k, **how)))


parts("as_it_should_be", HOLDS)
parts("of_sha256", HOLDS, name=b"sha256", digest=hashlib.sha256(MESSAGE).digest())
parts("without_a_namespace", MALFORMED, space=b"")
for _space in (b"pratique", b"pratique-manifest-2", b"Pratique-Manifest", b"pratique-manifest\0",
               b" pratique-manifest", b"file", b"git", b"*", b"pratique-manifest,file"):
    parts("for_the_namespace_" + _space.hex(), FORBIDDEN, space=_space)
parts("for_another_namespace_than_it_says", WRONG, signed_space=b"file")
parts("with_a_reserved_field", MALFORMED, reserved=b"x")
parts("with_a_reserved_field_that_is_signed", MALFORMED, reserved=b"x", signed_reserved=b"x")
parts("with_a_reserved_field_that_is_signed_alone", WRONG, signed_reserved=b"x")
for _hash in (b"sha1", b"md5", b"sha384", b"SHA512", b"sha512\0", b"", b"none"):
    parts("of_the_hash_" + (_hash.hex() or "none"), MALFORMED, name=_hash)
parts("of_sha512_said_to_be_sha256", WRONG, name=b"sha256")
parts("of_an_older_file", WRONG, digest=hashlib.sha512(b"{}\n").digest())
parts("of_half_a_hash", WRONG, digest=hashlib.sha512(MESSAGE).digest()[:32])
parts("of_version_0", MALFORMED, version=0)
parts("of_version_2", MALFORMED, version=2)
parts("of_another_kind", MALFORMED, magic=b"SSHSIF")
parts("with_bytes_behind_it", MALFORMED, tail=b"\0")
parts("with_bytes_behind_its_signature", WRONG, inner=b"\0\0\0\0")
parts("with_a_touch_of_hardware", WRONG, inner=b"\x01\0\0\0\x01")
parts("of_the_file_itself", WRONG, data=MESSAGE)
parts("of_the_hash_itself", WRONG, data=hashlib.sha512(MESSAGE).digest())
parts("by_the_algorithm_of_hardware", MALFORMED, algorithm=b"sk-ssh-ed25519@openssh.com")
parts("by_a_certificates_algorithm", MALFORMED, algorithm=b"ssh-ed25519-cert-v01@openssh.com")
parts("by_another_algorithm", MALFORMED, algorithm=b"ssh-rsa")
ssh("by_somebody_else_with_our_key_in_it", WRONG, lambda k: ssh_armor(blob(k, by=k.theirs)))
ssh("by_somebody_else", UNKNOWN, lambda k: ssh_armor(blob(k, by=k.theirs, key=k.theirs.blob)))
ssh("by_us_with_somebody_elses_key_in_it", UNKNOWN, lambda k: ssh_armor(blob(k, key=k.theirs.blob)))
ssh("by_our_key_with_bytes_behind_it", UNKNOWN, lambda k: ssh_armor(blob(k, key=k.ours.blob + b"\0")))
ssh("without_a_key", UNKNOWN, lambda k: ssh_armor(blob(k, key=b"")))
ssh("by_our_key_as_a_certificate", UNKNOWN,
    lambda k: ssh_armor(blob(k, key=ssh_string(b"ssh-ed25519-cert-v01@openssh.com") + k.ours.blob)))
ssh("with_a_second_spelling", WRONG,
    lambda k: ssh_armor(blob(k, sign=lambda data: malleable(k.ours.sign(data)))))


def armor(name, rule, change):
    ssh("in_an_armor_" + name, rule, lambda k: change(ssh_armor(blob(k))))


armor("with_a_word_before_it", MALFORMED, lambda a: b"x\n" + a)
armor("with_a_word_behind_it", MALFORMED, lambda a: a + b"x\n")
armor("twice", MALFORMED, lambda a: a + a)
armor("with_an_empty_line_before_it", MALFORMED, lambda a: b"\n" + a)
armor("with_an_empty_line_behind_it", MALFORMED, lambda a: a + b"\n")
armor("with_a_header", MALFORMED, lambda a: a.replace(b"-----\n", b"-----\nComment: x\n\n", 1))
armor("in_lower_case", MALFORMED, lambda a: a.lower())
armor("without_its_end", MALFORMED, lambda a: a[:a.index(b"\n-----END")])
armor("with_another_end", MALFORMED, lambda a: a.replace(b"END SSH", b"END PGP"))
armor("of_a_key", MALFORMED, lambda a: a.replace(b"SSH SIGNATURE", b"OPENSSH PRIVATE KEY"))
armor("with_blanks", MALFORMED, lambda a: a.replace(b"\n", b" \n", 2))
armor("with_padding_in_the_middle", MALFORMED, lambda a: a[:60] + b"==" + a[62:])
armor("without_a_last_line_end", HOLDS, lambda a: a.rstrip(b"\n"))

P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551


def mpint(n):
    return ssh_string(n.to_bytes(n.bit_length() // 8 + 1, "big") if n else b"")


def ecdsa(name, rule, change):
    """A row about the two numbers of an ECDSA signature: change(r, s, der) gives their bytes."""
    def make(k):
        if not k.curve:
            k.curve = ssh_key(k.folder, "curve", "-t", "ecdsa", "-b", "256", "-m", "PEM")
        public = base64.b64decode((k.folder / "curve.pub").read_text().split()[1])

        def sign(data):
            der = openssl_sign(k.folder, k.curve, data, "dgst", "-sha256")
            n = der[3]
            r, s = int.from_bytes(der[4:4 + n], "big"), int.from_bytes(der[6 + n:], "big")
            return change(r, s, der)
        return (ssh_armor(blob(k, key=public, algorithm=b"ecdsa-sha2-nistp256", sign=sign)),
                k.folder / "curve.pub")
    ROWS.append(("ssh_ecdsa_" + name, make, rule))


ecdsa("as_it_should_be", HOLDS, lambda r, s, der: mpint(r) + mpint(s))
ecdsa("with_the_other_s", HOLDS, lambda r, s, der: mpint(r) + mpint(P256 - s))
ecdsa("in_der", WRONG, lambda r, s, der: der)
ecdsa("swapped", WRONG, lambda r, s, der: mpint(s) + mpint(r))
ecdsa("of_zeros", WRONG, lambda r, s, der: mpint(0) + mpint(0))
ecdsa("of_zero_bytes", WRONG, lambda r, s, der: ssh_string(b"\0") * 2)
ecdsa("of_ones", WRONG, lambda r, s, der: mpint(1) + mpint(1))
ecdsa("with_s_past_the_order", WRONG, lambda r, s, der: mpint(r) + mpint(s + P256))
ecdsa("with_r_past_the_order", WRONG, lambda r, s, der: mpint(r + P256) + mpint(s))
ecdsa("of_the_order", WRONG, lambda r, s, der: mpint(P256) + mpint(P256))
ecdsa("with_needless_zeros", WRONG, lambda r, s, der: ssh_string(b"\0\0" + r.to_bytes(32, "big")) + mpint(s))
ecdsa("that_is_negative", WRONG, lambda r, s, der: ssh_string(b"\xff" + r.to_bytes(32, "big")) + mpint(s))
ecdsa("with_bytes_behind_it", WRONG, lambda r, s, der: mpint(r) + mpint(s) + b"\0")
ecdsa("with_a_third_number", WRONG, lambda r, s, der: mpint(r) + mpint(s) + mpint(1))
ecdsa("as_r_and_s_in_a_row", WRONG, lambda r, s, der: r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def rsa(name, rule, options, algorithm=b"rsa-sha2-512", change=lambda x: x):
    def make(k):
        if not k.rsa:
            k.rsa = ssh_key(k.folder, "rsa", "-t", "rsa", "-b", "2048", "-m", "PEM")
        public = base64.b64decode((k.folder / "rsa.pub").read_text().split()[1])
        return (ssh_armor(blob(k, key=public, algorithm=algorithm, sign=lambda data: change(
            openssl_sign(k.folder, k.rsa, data, "dgst", *options)))), k.folder / "rsa.pub")
    ROWS.append(("ssh_rsa_" + name, make, rule))


rsa("as_it_should_be", HOLDS, ["-sha512"])
rsa("with_pss", WRONG, ["-sha512", "-sigopt", "rsa_padding_mode:pss"])
rsa("with_another_hash_than_it_says", WRONG, ["-sha256"])
rsa("by_an_algorithm_that_is_none", MALFORMED, ["-sha512"], b"rsa-sha2-384")
rsa("by_a_certificates_algorithm", MALFORMED, ["-sha512"], b"rsa-sha2-512-cert-v01@openssh.com")
rsa("with_zeros_before_it", WRONG, ["-sha512"], change=lambda x: b"\0" + x)
rsa("with_bytes_behind_it", WRONG, ["-sha512"], change=lambda x: x + b"\0")
rsa("that_is_empty", WRONG, ["-sha512"], change=lambda x: b"")
rsa("of_zeros", WRONG, ["-sha512"], change=lambda x: bytes(256))
