#!/usr/bin/env python3
"""Signatures, side by side with the tools whose they are: minisign, ssh-keygen, gpg and gpgv.
What those refuse is refused; what they make and take is taken, but for what docs/SIGNING.md
lists."""

import base64
import contextlib
import functools
import hashlib
import os
import pathlib
import pty
import signal
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import forged  # noqa: E402
from _tools import (MESSAGE, Cheap, Gpg, need, openssl_sign, secret_file, ssh_armor, ssh_blob,  # noqa: E402
                    ssh_key, ssh_sign, ssh_signed_data, ssh_string, tool)
from _tap import PROGRAM, ADMIT, STOPPED, USAGE, UNDECIDED, Skip, equal, main, run, test  # noqa: E402

NS = "pratique-manifest"


@contextlib.contextmanager
def place():
    with tempfile.TemporaryDirectory(prefix="ps-", dir="/tmp") as name:
        path = pathlib.Path(name)
        (path / "m").write_bytes(MESSAGE)
        yield path


def verify(file, *args, want, rule=None, **kw):
    """Exit status and rule; the finished process."""
    done = run("signature", "verify", str(file), "--format", "json", *map(str, args), **kw)
    text = done.stdout.decode() + done.stderr.decode()
    equal(done.returncode, want, text)
    if rule:
        assert f'"{rule}"' in text, f"{rule} is missing: {text}"
    if want == STOPPED:
        assert "SIG008" not in text, text
    return done


def says(done, *words):
    text = done.stderr.decode() + done.stdout.decode()
    for word in words:
        assert word in text, f"{word!r} is missing: {text}"


def sign(file, key, *args, want=ADMIT, **kw):
    done = run("signature", "sign", str(file), "--key", str(key), *map(str, args), **kw)
    equal(done.returncode, want, done.stderr.decode())
    return done


# ---- minisign ----

def pair(folder, name="k"):
    """Of pratique's making."""
    done = run("keygen", "--output", str(folder / name), "--no-passphrase")
    equal(done.returncode, ADMIT, done.stderr.decode())
    return folder / f"{name}.key", folder / f"{name}.pub"


@test
def minisign_takes_what_we_sign():
    need("minisign")
    with place() as d:
        secret, public = pair(d)
        (d / "empty").write_bytes(b"")
        (d / "large").write_bytes(os.urandom(3_000_000))
        (d / "a\nb \t\x1b[31m").write_bytes(b"x")
        for name in ("m", "empty", "large", "a\nb \t\x1b[31m"):
            sign(d / name, secret)
            tool("minisign", "-V", "-H", "-p", public, "-m", d / name)
            verify(d / name, "--key", public, want=ADMIT, rule="SIG008")
        sign(d / "m", secret, "--comment", "build 7, of the eighth of May", "--output", d / "other")
        done = tool("minisign", "-V", "-p", public, "-m", d / "m", "-x", d / "other")
        assert b"build 7" in done.stdout, done.stdout
        verify(d / "m", "--key", public, "--signature", d / "other", want=ADMIT)


@test
def we_take_what_minisign_signs():
    need("minisign")
    with place() as d:
        tool("minisign", "-G", "-W", "-p", d / "k.pub", "-s", d / "k.key")
        tool("minisign", "-S", "-s", d / "k.key", "-m", d / "m", "-c", "first", "-t", "by minisign")
        done = verify(d / "m", "--key", d / "k.pub", want=ADMIT, rule="SIG008")
        says(done, "by minisign", "minisign")
        bare = (d / "k.pub").read_bytes().splitlines()[1]
        (d / "bare.pub").write_bytes(bare)
        verify(d / "m", "--key", d / "bare.pub", want=ADMIT)
        tool("minisign", "-S", "-l", "-s", d / "k.key", "-m", d / "m", "-x", d / "legacy")
        says(verify(d / "m", "--key", d / "k.pub", "--signature", d / "legacy", want=STOPPED,
                    rule="SIG002"), "legacy")
        (d / "k.key").chmod(0o600)
        sign(d / "m", d / "k.key", "--output", d / "ours")
        tool("minisign", "-V", "-p", d / "k.pub", "-m", d / "m", "-x", d / "ours")


@test
def encrypted_keys_go_both_ways():
    need("minisign")
    with place() as d:
        secret_file(d / "word", b"correct horse\n")
        done = run("keygen", "--output", str(d / "k"), "--passphrase-file", str(d / "word"))
        equal(done.returncode, ADMIT, done.stderr.decode())
        equal((d / "k.key").stat().st_mode & 0o7777, 0o600, "mode of the secret key")
        tool("minisign", "-S", "-s", d / "k.key", "-m", d / "m", stdin=b"correct horse\n")
        verify(d / "m", "--key", d / "k.pub", want=ADMIT)


@test
def passphrases():
    with place() as d:
        secret, public = pair(d)
        cheap = secret_file(d / "cheap.key", Cheap(secret.read_bytes(), b"correct horse").text)
        for name, text in (("right", b"correct horse\n"), ("crlf", b"correct horse\r\nmore\n"),
                           ("no-end", b"correct horse")):
            secret_file(d / name, text)
            sign(d / "m", cheap, "--passphrase-file", d / name)
            verify(d / "m", "--key", public, want=ADMIT)
            (d / "m.minisig").unlink()
        sign(d / "m", cheap, "--passphrase-file", "-", stdin=b"correct horse\n")
        (d / "m.minisig").unlink()
        secret_file(d / "wrong", b"incorrect horse\n")
        says(sign(d / "m", cheap, "--passphrase-file", d / "wrong", want=USAGE),
             "cheap.key: the passphrase does not open this key")
        secret_file(d / "nul", b"correct\0horse\n")
        sign(d / "m", cheap, "--passphrase-file", d / "nul", want=USAGE)
        (d / "right").chmod(0o644)
        says(sign(d / "m", cheap, "--passphrase-file", d / "right", want=USAGE), "chmod 600")
        says(sign(d / "m", cheap, "--passphrase-file", d / "nowhere", want=USAGE), "No such file")
        done = run("signature", "sign", str(d / "m"), "--key", str(cheap), stdin=b"correct horse\n")
        equal(done.returncode, USAGE, "without a terminal")
        secret_file(d / "nothing", b"\n")
        done = run("keygen", "--output", str(d / "e"), "--passphrase-file", str(d / "nothing"))
        equal(done.returncode, USAGE, "an empty passphrase")
        assert not (d / "e.key").exists() and not (d / "m.minisig").exists()


def at_terminal(*args, answers):
    """Runs the program at a terminal of its own and types; its exit status and what was shown."""
    pid, tty = pty.fork()
    if pid == 0:
        signal.alarm(30)
        os.execv(PROGRAM, [PROGRAM, *map(str, args)])
    shown = b""
    with contextlib.suppress(OSError):  # what Linux says when the other side has ended
        while data := os.read(tty, 4096):
            shown += data
            if shown.endswith(b": ") and answers:
                os.write(tty, answers.pop(0))
    os.close(tty)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


@test
def passphrases_at_the_terminal():
    with place() as d:
        secret, public = pair(d)
        cheap = secret_file(d / "cheap.key", Cheap(secret.read_bytes(), b"correct horse").text)
        command = ("signature", "sign", d / "m", "--key", cheap)
        code, shown = at_terminal(*command, answers=[b"correct horse\n"])
        equal(code, ADMIT, shown)
        assert b"cheap.key" in shown and b"horse" not in shown, shown
        verify(d / "m", "--key", public, want=ADMIT)
        code, shown = at_terminal(*command, answers=[b"wrong\n"])
        equal(code, USAGE, shown)
        code, shown = at_terminal(*command, answers=[b"corr\x03"])
        equal(code, USAGE, shown)
        code, shown = at_terminal("keygen", "-o", d / "n", answers=[b"one\n", b"another\n"])
        equal(code, USAGE, shown)
        assert b"not the same" in shown and b"another" not in shown, shown
        code, shown = at_terminal("keygen", "-o", d / "n", answers=[b"\n", b"\n"])
        equal(code, USAGE, shown)
        assert not (d / "n.key").exists()


@test
def key_files_that_are_too_open():
    with place() as d:
        secret, public = pair(d)
        sign(d / "m", secret)
        for mode in (0o644, 0o640, 0o604, 0o660, 0o620):
            secret.chmod(mode)
            says(sign(d / "m", secret, want=USAGE), f"chmod 600 {secret}", f"{mode:04o}")
        for mode in (0o666, 0o646, 0o622):
            public.chmod(mode)
            if mode & 0o002:
                says(verify(d / "m", "--key", public, want=USAGE), f"chmod go-w {public}")
        os.chmod(public, 0o664)
        os.chown(public, -1, 12345) if os.geteuid() == 0 else None
        if os.geteuid() == 0:
            says(verify(d / "m", "--key", public, want=USAGE), "chmod go-w")
            os.chown(public, 12345, 12345)  # a group of its own
            verify(d / "m", "--key", public, want=ADMIT)
            secret.chmod(0o600)
            os.chown(secret, 12345, -1)
            says(sign(d / "m", secret, want=USAGE), "somebody else")
        public.chmod(0o644)
        verify(d / "m", "--key", public, want=ADMIT)
        says(verify(d / "m", "--key", d, want=USAGE), "no regular file")


@test
def keys_are_never_overwritten():
    with place() as d:
        secret, public = pair(d)
        before = secret.read_bytes(), public.read_bytes()
        equal(run("keygen", "--output", str(d / "k"), "--no-passphrase").returncode, USAGE, "both")
        secret.unlink()
        done = run("keygen", "--output", str(d / "k"), "--no-passphrase")
        equal(done.returncode, USAGE, "the public one")
        assert not secret.exists() and public.read_bytes() == before[1]
        (d / "l.key").symlink_to(d / "elsewhere")
        equal(run("keygen", "--output", str(d / "l"), "--no-passphrase").returncode, USAGE, "a link")
        assert not (d / "elsewhere").exists()
        done = run("keygen", "--output", str(d / "nowhere/k"), "--no-passphrase")
        assert done.returncode in (USAGE, UNDECIDED) and b"nowhere" in done.stderr, done.stderr


@test
def minisign_faults():
    with place() as d:
        secret, public = pair(d)
        _, other = pair(d, "o")
        sign(d / "m", secret)
        text = (d / "m.minisig").read_bytes()
        verify(d / "m", "--key", other, want=STOPPED, rule="SIG004")
        verify(d / "m", "--key", other, "--key", public, want=ADMIT)
        (d / "n").write_bytes(MESSAGE + b" ")
        says(verify(d / "n", "--key", public, "-s", d / "m.minisig", want=STOPPED, rule="SIG003"))
        verify(d / "n", "--key", public, want=STOPPED, rule="SIG001")
        says(verify(d / "m", "--key", public, "-s", d / "nowhere", want=STOPPED, rule="SIG001"))
        lines = text.split(b"\n")
        for what, bad, rule in (
                ("other comment", text.replace(b"hashed", b"Hashed"), "SIG003"),
                ("no comment", b"\n".join(lines[:2]) + b"\n", "SIG002"),
                ("twice", text * 2, "SIG002"),
                ("empty", b"", "SIG002"),
                ("large", text + b"x" * 100_000, "SIG002"),
                ("bundle", b"{}", "SIG002"),
                ("its key's number changed", None, "SIG004")):
            if bad is None:
                raw = bytearray(base64.b64decode(lines[1]))
                raw[3] ^= 1
                bad = b"\n".join([lines[0], base64.b64encode(bytes(raw)), *lines[2:]])
            (d / "bad").write_bytes(bad)
            verify(d / "m", "--key", public, "-s", d / "bad", want=STOPPED, rule=rule)


@test
def writing_fails():
    with place() as d:
        secret, public = pair(d)
        done = sign(d / "m", secret, "--output", d / "no/where", want=UNDECIDED)
        says(done, "no/where")
        says(sign(d / "nothing", secret, want=UNDECIDED), "nothing")
        if os.path.exists("/dev/full") and os.geteuid() == 0:
            left = sorted(p.name for p in d.iterdir())
            equal(left, ["k.key", "k.pub", "m"], "nothing is left behind")


# ---- OpenSSH ----

KINDS = (("ed25519", "-t", "ed25519"), ("p256", "-t", "ecdsa", "-b", "256"),
         ("p384", "-t", "ecdsa", "-b", "384"), ("p521", "-t", "ecdsa", "-b", "521"),
         ("rsa", "-t", "rsa", "-b", "2048"))


@test
def ssh_keys_of_each_kind_both_ways():
    need("ssh-keygen")
    with place() as d:
        for name, *options in KINDS:
            key = ssh_key(d, name, *options)
            signers = d / f"{name}.signers"
            signers.write_bytes(b"alice@example.org " + key.with_suffix(".pub").read_bytes())
            for hashing in ("sha256", "sha512"):
                (d / "s").write_bytes(ssh_sign(key, d / "m", NS, "-O", f"hashalg={hashing}"))
                verify(d / "m", "--key", f"{key}.pub", "-s", d / "s", want=ADMIT, rule="SIG008")
                verify(d / "m", "--key", signers, "-I", "alice@example.org", "-s", d / "s", want=ADMIT)
            sign(d / "m", key, "--output", d / "ours")
            tool("ssh-keygen", "-Y", "verify", "-f", signers, "-I", "alice@example.org", "-n", NS,
                 "-s", d / "ours", stdin=MESSAGE)
            verify(d / "m", "--key", signers, "-s", d / "ours", want=ADMIT)
            (d / "n").write_bytes(MESSAGE[:-1])
            verify(d / "n", "--key", f"{key}.pub", "-s", d / "s", want=STOPPED, rule="SIG003")


@test
def ssh_namespaces():
    need("ssh-keygen")
    with place() as d:
        key = ssh_key(d, "k", "-t", "ed25519")
        (d / "git").write_bytes(ssh_sign(key, d / "m", "git"))
        says(verify(d / "m", "--key", f"{key}.pub", "-s", d / "git", want=STOPPED, rule="SIG007"),
             "git", NS)
        verify(d / "m", "--key", f"{key}.pub", "-s", d / "git", "-n", "git", want=ADMIT)
        sign(d / "m", key, "--namespace", "file")
        verify(d / "m", "--key", f"{key}.pub", "-n", "file", want=ADMIT)
        verify(d / "m", "--key", f"{key}.pub", want=STOPPED, rule="SIG007")


# (the line, with KEY for the key; identity; what we say; what ssh-keygen says where it differs)
SIGNERS = (
    ("alice KEY", "alice", True, None),
    ("alice KEY a comment here", "alice", True, None),
    ("# a remark\n\n   alice KEY\n", "alice", True, None),
    ('"alice" KEY', "alice", True, None),
    ("alice KEY", "bob", False, None),
    ("alice KEY", "Alice", False, None),
    ("alice,bob KEY", "bob", True, None),
    ("*@example.org KEY", "carol@example.org", True, None),
    ("*@example.org KEY", "carol@example.org.evil.net", False, None),
    ("?lice KEY", "alice", True, None),
    ("?lice KEY", "lice", False, None),
    ("*@example.org,!carol@example.org KEY", "carol@example.org", False, None),
    ("!carol@example.org,*@example.org KEY", "dave@example.org", True, None),
    ("!carol@example.org KEY", "dave@example.org", False, None),
    (f'alice namespaces="{NS}" KEY', "alice", True, None),
    ('alice namespaces="git,file" KEY', "alice", False, None),
    (f'alice namespaces="git,{NS}" KEY', "alice", True, None),
    ('alice namespaces="pratique-*" KEY', "alice", True, None),
    ('alice namespaces="*,!pratique-manifest" KEY', "alice", False, None),
    (f'alice NAMESPACES="{NS}" KEY', "alice", True, None),
    ('alice valid-after="20200101",valid-before="20990101" KEY', "alice", True, None),
    ('alice valid-before="20200101" KEY', "alice", False, None),
    ('alice valid-after="20990101000000Z" KEY', "alice", False, None),
    ('alice valid-after="202001010000" KEY', "alice", True, None),
    ('alice valid-before="20200101000000" KEY', "alice", False, None),
    ('alice valid-before="20200101" KEY\nalice KEY', "alice", True, None),
    ('bob KEY\nalice KEY', "alice", True, None),
    # a line that is wrong is an error here, and passed over there
    ('alice valid-before="yesterday" KEY', "alice", False, None),
    ('alice valid-before="20261399" KEY', "alice", False, None),
    ("alice cert-authority KEY", "alice", False, None),
    ("alice no-such-option KEY", "alice", False, None),
    ('alice namespaces="a KEY', "alice", False, None),
    ("alice", "alice", False, None),
    ("alice ssh-ed25519", "alice", False, None),
    ("alice ssh-ed25519 AAAA", "alice", False, None),
    ("alice KEY\nbob cert-authority KEY", "alice", False, True),
    ("alice KEY\nbob rubbish", "alice", False, True),
    # without quotes they are no options here
    ("cert-authority KEY", "cert-authority", False, True),
    ('from="10.0.0.1" KEY', "from=10.0.0.1", False, True),
)


@test
def ssh_allowed_signers_as_ssh_keygen_has_them():
    need("ssh-keygen")
    with place() as d:
        key = ssh_key(d, "k", "-t", "ed25519")
        text = " ".join((d / "k.pub").read_text().split()[:2])
        (d / "m.sig").write_bytes(ssh_sign(key, d / "m"))
        signers = d / "signers"
        wrong = []
        for line, who, ours, theirs in SIGNERS:
            signers.write_text(line.replace("KEY", text) + "\n")
            got = run("signature", "verify", str(d / "m"), "--key", str(signers), "-I", who)
            they = tool("ssh-keygen", "-Y", "verify", "-f", signers, "-I", who, "-n", NS, "-s",
                        d / "m.sig", stdin=MESSAGE, ok=False).returncode == 0
            if (got.returncode == ADMIT) != ours or they != (ours if theirs is None else theirs):
                wrong.append(f"{line!r} for {who}: ours {got.returncode}, theirs {they} {got.stderr}")
            if got.returncode == USAGE:
                assert f"{signers}:".encode() in got.stderr, got.stderr
        assert not wrong, "\n".join(wrong)


@test
def ssh_faults():
    need("ssh-keygen")
    with place() as d:
        key, other = ssh_key(d, "k", "-t", "ed25519"), ssh_key(d, "o", "-t", "ed25519")
        good = ssh_sign(key, d / "m")
        (d / "m.sig").write_bytes(good)
        verify(d / "m", "--key", f"{key}.pub", want=ADMIT)
        verify(d / "m", "--key", f"{other}.pub", want=STOPPED, rule="SIG004")
        says(verify(d / "m", "--key", f"{key}.pub", "-I", "alice", want=STOPPED, rule="SIG007"),
             "allowed_signers")
        for bad in (b" " + good, good + b"x", good.replace(b"\n", b"\r\n"), good * 2, good[:-30],
                    good.replace(b"BEGIN SSH", b"BEGIN  SSH"), ssh_armor(b"SSHSIG"),
                    ssh_armor(b"")):
            (d / "bad").write_bytes(bad)
            verify(d / "m", "--key", f"{key}.pub", "-s", d / "bad", want=STOPPED, rule="SIG002")
        says(verify(d / "m", "--key", key, want=USAGE), "secret key")
        small = ssh_key(d, "small", "-t", "rsa", "-b", "1024")
        says(verify(d / "m", "--key", f"{small}.pub", want=USAGE), "2048")
        key.chmod(0o644)
        says(sign(d / "m", key, want=USAGE), "chmod 600")
        tool("ssh-keygen", "-q", "-s", other, "-I", "id", "-n", "alice", f"{key}.pub")
        says(verify(d / "m", "--key", d / "k-cert.pub", want=USAGE), "certificates are not taken")


@test
def ssh_rsa_with_sha1_is_refused():
    need("ssh-keygen", "openssl")
    with place() as d:
        key = ssh_key(d, "k", "-t", "rsa", "-b", "2048", "-m", "PEM")
        blob = base64.b64decode((d / "k.pub").read_text().split()[1])
        data = ssh_signed_data(MESSAGE)
        for name, digest, want, rule in ((b"rsa-sha2-512", "-sha512", ADMIT, "SIG008"),
                                         (b"ssh-rsa", "-sha1", STOPPED, "SIG002"),
                                         (b"rsa-sha2-256", "-sha1", STOPPED, "SIG003"),
                                         (b"ssh-ed25519", "-sha512", STOPPED, "SIG002")):
            signature = openssl_sign(d, key, data, "dgst", digest)
            (d / "s").write_bytes(ssh_armor(ssh_blob(blob, ssh_string(name) + ssh_string(signature))))
            verify(d / "m", "--key", f"{key}.pub", "-s", d / "s", want=want, rule=rule)


@test
def ssh_hardware_keys():
    """What a key in hardware signs, made here by openssl; ssh-keygen takes it as well."""
    need("ssh-keygen", "openssl")
    with place() as d:
        pem = d / "k.pem"
        tool("openssl", "genpkey", "-algorithm", "ed25519", "-out", pem)
        public = tool("openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER").stdout[-32:]
        kind = b"sk-ssh-ed25519@openssh.com"
        blob = ssh_string(kind) + ssh_string(public) + ssh_string(b"ssh:")
        (d / "k.pub").write_bytes(kind + b" " + base64.b64encode(blob) + b" x\n")
        (d / "signers").write_bytes(b"alice " + (d / "k.pub").read_bytes())
        for flags, want, rule in ((b"\x01", ADMIT, "SIG008"), (b"\x05", ADMIT, "SIG008"),
                                  (b"\x00", STOPPED, "SIG007"), (b"\x04", STOPPED, "SIG007")):
            tail = flags + b"\0\0\0\x07"
            data = (hashlib.sha256(b"ssh:").digest() + tail
                    + hashlib.sha256(ssh_signed_data(MESSAGE)).digest())
            made = openssl_sign(d, pem, data, "pkeyutl", "-sign", "-rawin")
            good = ssh_armor(ssh_blob(blob, ssh_string(kind) + ssh_string(made) + tail))
            (d / "m.sig").write_bytes(good)
            verify(d / "m", "--key", d / "k.pub", want=want, rule=rule)
            if want == ADMIT:
                tool("ssh-keygen", "-Y", "verify", "-f", d / "signers", "-I", "alice", "-n", NS, "-s",
                     d / "m.sig", stdin=MESSAGE)
            other = ssh_armor(ssh_blob(blob, ssh_string(kind) + ssh_string(made) + b"\x01\0\0\0\x08"))
            (d / "m.sig").write_bytes(other)
            verify(d / "m", "--key", d / "k.pub", want=STOPPED, rule="SIG003")


# ---- OpenPGP ----

@contextlib.contextmanager
def gpg_place():
    need("gpg", "gpgv", "gpgconf")
    with place() as d:
        gpg = Gpg(d)
        try:
            yield d, gpg
        finally:
            gpg.close()


def gpg_sign(gpg, d, who, name, *options):
    gpg("-u", who, *options, "--output", d / name, "--detach-sign", d / "m")
    return d / name


@test
def openpgp_good_ones():
    with gpg_place() as (d, gpg):
        fingerprint = gpg.key("Alice <alice@example.org>")
        gpg.key("Bob <bob@example.org>")
        (d / "a.gpg").write_bytes(gpg("--export", "alice").stdout)
        (d / "a.asc").write_bytes(gpg("--export", "--armor", "alice").stdout)
        (d / "both.gpg").write_bytes(gpg("--export").stdout)
        (d / "b.gpg").write_bytes(gpg("--export", "bob").stdout)
        gpg_sign(gpg, d, "alice", "m.sig")
        gpg_sign(gpg, d, "alice", "m.asc", "--armor")
        good, armored = (d / "m.sig").read_bytes(), (d / "m.asc").read_bytes()
        (d / "long.sig").write_bytes(b"\x89" + len(good[2:]).to_bytes(2, "big") + good[2:])
        (d / "new.sig").write_bytes(b"\xc2" + good[1:])
        (d / "crlf.asc").write_bytes(armored.replace(b"\n", b"\r\n") + b"\r\n")
        (d / "head.asc").write_bytes(armored.replace(b"-----\n", b"-----\nComment: x\n", 1))
        for key in ("a.gpg", "a.asc", "both.gpg"):
            for name in ("m.sig", "m.asc", "long.sig", "new.sig", "crlf.asc", "head.asc"):
                says(verify(d / "m", "--key", d / key, "-s", d / name, want=ADMIT, rule="SIG008"),
                     "openpgp", "Alice", fingerprint)
        verify(d / "m", "--key", d / "b.gpg", "--key", d / "a.gpg", want=ADMIT)
        verify(d / "m", "--key", d / "b.gpg", want=STOPPED, rule="SIG004")
        for who in ("alice@example.org", "Alice <alice@example.org>", fingerprint):
            verify(d / "m", "--key", d / "both.gpg", "-I", who, want=ADMIT)
        for who in ("bob@example.org", "Alice", "alice@example.or", "<alice@example.org>"):
            verify(d / "m", "--key", d / "both.gpg", "-I", who, want=STOPPED, rule="SIG007")
        (d / "large").write_bytes(os.urandom(5_000_000))
        gpg("-u", "alice", "--output", d / "large.sig", "--detach-sign", d / "large")
        verify(d / "large", "--key", d / "a.gpg", want=ADMIT)


@test
def openpgp_keyrings_of_each_form():
    with gpg_place() as (d, gpg):
        fingerprint = gpg.key("Alice <alice@example.org>")
        gpg.key("Bob <bob@example.org>")
        gpg("--quick-add-key", fingerprint, "ed25519", "sign")  # which then signs
        gpg_sign(gpg, d, "alice", "m.sig")
        armored = gpg("--export", "--armor", "alice").stdout
        other = gpg("--export", "--armor", "bob").stdout
        begin = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
        forms = {"box": (gpg.home / "pubring.kbx").read_bytes(),
                 "two blocks": other + b"a word between them\n" + armored,
                 "headers": armored.replace(begin, begin + b"\nVersion: 1\nComment: x"),
                 "crlf": armored.replace(b"\n", b"\r\n"),
                 "no checksum": b"\n".join(line for line in armored.split(b"\n")
                                           if not (line.startswith(b"=") and len(line) == 5))}
        for what, text in forms.items():
            (d / "ring").write_bytes(text)
            done = verify(d / "m", "--key", d / "ring", "-I", fingerprint, want=ADMIT)
            says(done, "Alice")
        (d / "b.asc").write_bytes(other)
        verify(d / "m", "--key", d / "b.asc", want=STOPPED, rule="SIG004")


@test
def a_signature_of_another_kind_than_the_keys():
    need("ssh-keygen")
    with place() as d:
        secret, public = pair(d)
        key = ssh_key(d, "s", "-t", "ed25519")
        sign(d / "m", secret)
        says(verify(d / "m", "--key", f"{key}.pub", want=STOPPED, rule="SIG004"), "--signature")
        sign(d / "m", key)
        verify(d / "m", "--key", f"{key}.pub", "-s", d / "m.sig", want=ADMIT)
        (d / "m.minisig").unlink()
        verify(d / "m", "--key", f"{key}.pub", want=ADMIT)
        says(verify(d / "m", "--key", public, want=STOPPED, rule="SIG004"), "ssh")


def openpgp_shapes(good, armored, other, inline):
    """Signatures that gpgv finds good, of which a part that is not signed is another; and some that
    it does not."""
    body = good[2:]
    assert good[0] == 0x88 and good[1] == len(body), "a packet of another form"
    at = 6 + int.from_bytes(body[4:6], "big")  # of the subpackets that are not signed
    size = int.from_bytes(body[at:at + 2], "big")
    head, area, rest = body[:at], body[at + 2:at + 2 + size], body[at + 2 + size:]

    def packet(area=area, rest=rest, head=head):
        whole = head + len(area).to_bytes(2, "big") + area + rest
        return bytes([0x88, len(whole)]) + whole

    assert packet() == good and len(area) == 10, "other subpackets than an issuer's"
    end = b"-----END PGP SIGNATURE-----"
    lines = armored.split(b"\n")
    (sum_at,) = (i for i, line in enumerate(lines) if len(line) == 5 and line[:1] == b"=")

    def summed(line):
        return b"\n".join([*lines[:sum_at], *line, *lines[sum_at + 1:]])

    return [
        ("a marker behind", good + b"\xca\3PGP"), ("a marker before", b"\xca\3PGP" + good),
        ("an unknown packet behind", good + b"\xfc\3abc"),
        ("a name behind", good + b"\xcd\3abc"), ("a text behind", good + b"\xcb\7b\0\0\0\0\0x"),
        ("a length too long", bytes([0x88, len(body) + 1]) + body),
        ("no length", b"\x8b" + body),
        ("in parts", b"\xc2\xe6" + body[:64] + bytes([len(body) - 64]) + body[64:]),
        ("of version 3", packet(head=b"\3" + head[1:])),
        ("of a key", packet(head=head[:1] + b"\x10" + head[2:])),
        ("an issuer that is another", packet(area=area[:2] + bytes(8))),
        ("an issuer twice", packet(area=area * 2)),
        ("an unsigned expiry", packet(area=area + b"\5\3\0\0\0\1")),
        ("an unsigned remark", packet(area=area + b"\2\x64A")),
        ("an unsigned subpacket that is broken off", packet(area=area + b"\5\x21\4")),
        ("another beginning of the hash", packet(rest=bytes([rest[0] ^ 1]) + rest[1:])),
        ("bytes behind its numbers", packet(rest=rest + b"\0\0")),
        ("a third number", packet(rest=rest + b"\0\1\1")),
        ("armored twice", armored * 2), ("armored with another behind", armored + other),
        ("armored with another before", other + armored),
        ("armored with a word behind", armored + b"x\n"), ("armored with a word before", b"x\n" + armored),
        ("armored without an end", armored[:armored.index(end)]),
        ("armored with half an end", armored[:armored.index(end) + 9]),
        ("armored with another end", armored.replace(end, end.replace(b"SIG", b"sig"))),
        ("armored with another sum", summed([b"=AAAA"])),
        ("armored with a sum that is none", summed([b"=" + b"\xcfnP6"])),
        ("armored with two sums", summed([lines[sum_at]] * 2)),
        ("armored with a header that is none", armored.replace(b"-----\n", b"-----\nhello", 1)),
        ("armored as a message", armored.replace(b"PGP SIGNATURE", b"PGP MESSAGE")),
        ("a message armored as a signature", inline.replace(b"PGP MESSAGE", b"PGP SIGNATURE")),
    ]


@test
def openpgp_faults():
    with gpg_place() as (d, gpg):
        gpg.key("Alice <alice@example.org>")
        gpg.key("Bob <bob@example.org>")
        (d / "a.gpg").write_bytes(gpg("--export").stdout)
        good = gpg_sign(gpg, d, "alice", "m.sig").read_bytes()
        rows = [("tampered", good[:-5] + bytes([good[-5] ^ 1]) + good[-4:], None),
                ("cut", good[:-10], None),
                ("twice", good + good, "SIG002"),
                ("two signers", good + gpg_sign(gpg, d, "bob", "b.sig").read_bytes(), "SIG002"),
                ("followed by other bytes", good + b"\0" * 40, None),
                ("of a text", gpg_sign(gpg, d, "alice", "t.sig", "--textmode").read_bytes(), "SIG002"),
                ("SHA-1", gpg_sign(gpg, d, "alice", "1.sig", "--digest-algo", "SHA1").read_bytes(),
                 "SIG002"),
                *((what, text, "SIG002") for what, text in openpgp_shapes(
                    good, gpg_sign(gpg, d, "alice", "m.asc", "--armor").read_bytes(),
                    gpg_sign(gpg, d, "bob", "b.asc", "--armor").read_bytes(),
                    gpg("-u", "alice", "--armor", "--sign", "--output", "-", d / "m").stdout)),
                ("clear-signed", gpg("-u", "alice", "--clear-sign", "--output", "-", d / "m").stdout,
                 "SIG002"),
                ("signed inside", gpg("-u", "alice", "--sign", "--output", "-", d / "m").stdout,
                 "SIG002")]
        for what, text, rule in rows:
            (d / "bad").write_bytes(text)
            try:
                verify(d / "m", "--key", d / "a.gpg", "-s", d / "bad", want=STOPPED, rule=rule)
            except AssertionError as e:
                raise AssertionError(f"{what}: {e}")
        (d / "n").write_bytes(MESSAGE + b"x")
        verify(d / "n", "--key", d / "a.gpg", "-s", d / "m.sig", want=STOPPED, rule="SIG003")
        (d / "n").write_bytes(MESSAGE.replace(b"\n", b"\r\n"))
        verify(d / "n", "--key", d / "a.gpg", "-s", d / "t.sig", want=STOPPED, rule="SIG002")
        (d / "broken.asc").write_bytes(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAA\n")
        says(verify(d / "m", "--key", d / "broken.asc", want=USAGE), "gpg --export")
        (d / "s.asc").write_bytes(gpg("--export-secret-keys", "--armor", "alice").stdout)
        says(verify(d / "m", "--key", d / "s.asc", want=USAGE), "secret key")


@test
def openpgp_expired_and_revoked():
    with gpg_place() as (d, gpg):
        past = ("--faked-system-time", "20200101T000000!")
        old = gpg.key("Old <old@example.org>", *past, expires="30d")
        gpg_sign(gpg, d, "old", "m.sig", *past)
        (d / "k.gpg").write_bytes(gpg("--export", "old").stdout)
        says(verify(d / "m", "--key", d / "k.gpg", want=STOPPED, rule="SIG005"), "expired")
        gpg("--faked-system-time", "20200103T000000!", "--quick-set-expire", old, "0")
        (d / "later.gpg").write_bytes(gpg("--export", "old").stdout)
        for keys in (("later.gpg",), ("k.gpg", "later.gpg"), ("later.gpg", "k.gpg")):
            verify(d / "m", *(x for k in keys for x in ("--key", d / k)), want=ADMIT)
        gpg.key("Gone <gone@example.org>")
        gpg_sign(gpg, d, "gone", "gone.sig")
        (d / "before.gpg").write_bytes(gpg("--export", "gone").stdout)
        verify(d / "m", "--key", d / "before.gpg", "-s", d / "gone.sig", want=ADMIT)
        for file in (gpg.home / "openpgp-revocs.d").iterdir():
            text = file.read_text().replace(":-----BEGIN", "-----BEGIN")
            (d / "revocation").write_text(text)
            gpg("--import", d / "revocation")
        (d / "after.gpg").write_bytes(gpg("--export", "gone").stdout)
        verify(d / "m", "--key", d / "after.gpg", "-s", d / "gone.sig", want=STOPPED, rule="SIG006")
        for keys in (("before.gpg", "after.gpg"), ("after.gpg", "before.gpg")):
            verify(d / "m", *(x for k in keys for x in ("--key", d / k)), "-s", d / "gone.sig",
                   want=STOPPED, rule="SIG006")
        gpg.key("Short <short@example.org>", *past)
        gpg_sign(gpg, d, "short", "short.sig", "--default-sig-expire", "7d", *past)
        (d / "short.gpg").write_bytes(gpg("--export", "short").stdout)
        verify(d / "m", "--key", d / "short.gpg", "-s", d / "short.sig", want=STOPPED, rule="SIG005")


@test
def openpgp_without_gpgv():
    """Seen from a place where gpgv is no program."""
    with gpg_place() as (d, gpg):
        gpg.key("Alice <alice@example.org>")
        (d / "a.gpg").write_bytes(gpg("--export", "alice").stdout)
        gpg_sign(gpg, d, "alice", "m.sig")
        hide = ("unshare", "-m", "sh", "-c", 'mount --bind /dev/null /usr/bin/gpgv && exec "$@"', "x")
        if tool(*hide, "true", ok=False).returncode != 0:
            raise Skip("gpgv cannot be hidden here")
        done = tool(*hide, PROGRAM, "signature", "verify", d / "m", "--key", d / "a.gpg", ok=False)
        equal(done.returncode, UNDECIDED, done.stderr.decode())
        says(done, "not installed (Debian: the package gpgv)")


@test
def files_of_any_size():
    with place() as d:
        secret, public = pair(d)
        with open(d / "large", "wb") as f:
            f.truncate((1 << 30) + 1)  # a hole, past what is read at once
        sign(d / "large", secret)
        verify(d / "large", "--key", public, want=ADMIT)


@test
def openpgp_leaves_the_users_own_keyring_alone():
    with gpg_place() as (d, gpg):
        gpg.key("Alice <alice@example.org>")
        gpg.key("Bob <bob@example.org>")
        (d / "b.gpg").write_bytes(gpg("--export", "bob").stdout)
        (gpg.home / "trustedkeys.gpg").write_bytes(gpg("--export", "alice").stdout)
        (gpg.home / "gpgv.conf").write_text(f"keyring {gpg.home}/trustedkeys.gpg\n")
        gpg_sign(gpg, d, "alice", "m.sig")
        verify(d / "m", "--key", d / "b.gpg", want=STOPPED, rule="SIG004",
               env={"GNUPGHOME": str(gpg.home), "HOME": str(d)})
        left = [p for p in pathlib.Path("/dev/shm").glob("pratique-gpgv-*")]
        assert not left, left


# ---- the table of forgeries ----

@functools.lru_cache(None)
def forging():
    """Keys that the rows share, in a folder that lasts as long as the test."""
    forging.folder = tempfile.TemporaryDirectory(prefix="ps-", dir="/tmp")
    return forged.Keys(pathlib.Path(forging.folder.name))


def judge(name, make, rule):
    need("openssl", "ssh-keygen")
    keys = forging()
    made = make(keys)
    signature, key = made if isinstance(made, tuple) else (made, keys.ours.minisign)
    (keys.folder / "m").write_bytes(MESSAGE)
    (keys.folder / "s").write_bytes(signature)
    want = {None: USAGE, forged.HOLDS: ADMIT}.get(rule, STOPPED)
    done = verify(keys.folder / "m", "--key", key, "-s", keys.folder / "s", want=want, rule=rule)
    assert done.stdout.decode().replace("\n", "").isprintable(), done.stdout


def add_row(name, make, rule):
    def one():
        judge(name, make, rule)
    one.__name__ = name
    test(one)


for _row in forged.ROWS:
    add_row(*_row)


# ---- trust files ----

ENTRY = "version: 1\nkeys:\n  - name: release\n    file: k.pub\n    roles: [manifest, artifact]\n"


@test
def trust_files():
    with place() as d:
        secret, public = pair(d)
        sign(d / "m", secret)
        inline = public.read_text().replace("\n", "\n      ").rstrip()
        good = (ENTRY, ENTRY + "    expires: 2099-12-31\n",
                f"version: 1\nkeys:\n  - name: x\n    roles: [manifest]\n    key: |\n      {inline}\n",
                f"version: 1\nkeys:\n  - {{name: x, roles: [artifact], key: "
                f"{public.read_text().split()[-1]}}}\n",
                ENTRY + "    identity: alice\n")
        for text in good:
            (d / "t.yml").write_text(text)
            says(verify(d / "m", "--trust", d / "t.yml", want=ADMIT, rule="SIG008"))
        (d / "t.yml").write_text(ENTRY + "    identity: alice\n")
        verify(d / "m", "--trust", d / "t.yml", "-I", "alice", want=ADMIT)
        verify(d / "m", "--trust", d / "t.yml", "-I", "bob", want=STOPPED, rule="SIG007")
        (d / "t.yml").write_text(ENTRY)
        verify(d / "m", "--trust", d / "t.yml", "-I", "alice", want=STOPPED, rule="SIG007")
        (d / "t.yml").write_text(ENTRY + "    expires: 2020-02-29\n")
        says(verify(d / "m", "--trust", d / "t.yml", want=STOPPED, rule="SIG005"), "2020-02-29",
             "release")
        for extra in (("--key", public),):  # named by itself it has no date
            verify(d / "m", "--trust", d / "t.yml", *extra, want=ADMIT)
        (d / "t.yml").chmod(0o666)
        says(verify(d / "m", "--trust", d / "t.yml", want=USAGE), "chmod go-w")


# ---- the command line ----

@test
def usage():
    with place() as d:
        secret, public = pair(d)
        sign(d / "m", secret)
        for args in (("signature",), ("signature", "x"), ("signature", "sign"),
                     ("signature", "sign", d / "m"), ("signature", "verify"),
                     ("signature", "verify", d / "m"), ("signature", "verify", "a", "b", "--key", "k"),
                     ("signature", "sign", d / "m", "--key", secret, "--kind", "pgp"),
                     ("signature", "sign", d / "m", "--key", secret, "--namespace", "x"),
                     ("signature", "sign", d / "m", "--key", secret, "--certificate", "x"),
                     ("signature", "sign", d / "m", "--key", public),
                     ("signature", "sign", d / "m", "--key", secret, "--comment", "a\nb"),
                     ("signature", "sign", d / "m", "--key", d / "m"),
                     ("signature", "verify", d / "m", "--key", secret),
                     ("signature", "verify", d / "m", "--key", d / "m"),
                     ("keygen", "--no-passphrase", "--passphrase-file", "x"),
                     ("keygen", "x"), ("keygen", "--comment", "a\nb", "--no-passphrase")):
            done = run(*map(str, args), cwd=d)
            equal(done.returncode, USAGE, f"{args}: {done.stderr}")
            assert done.stderr.startswith(b"pratique: ") and not done.stdout, done
        for args in (("signature", "--help"), ("signature", "sign", "--help"),
                     ("signature", "verify", "--help"), ("keygen", "--help")):
            done = run(*args)
            equal(done.returncode, ADMIT, str(args))
            assert done.stdout.startswith(b"Usage: "), done.stdout

@test
def what_is_signed_is_admitted():
    with place() as d:
        secret, public = pair(d)
        _, other = pair(d, "other")

        def admit(file, to, *args):
            """Exit status and text; there is something under the final name when it is 0 alone."""
            done = run("admit", str(d / file), "--to", str(d / to), *map(str, args))
            equal((d / to).exists(), done.returncode == ADMIT, done.stderr.decode())
            left = [x.name for x in d.iterdir() if x.name.startswith(".pratique-")]
            equal(left, [], "what is left")
            return done.returncode, (done.stdout + done.stderr).decode()

        def refused(got, rule):
            assert got[0] == STOPPED and rule in got[1], got

        with zipfile.ZipFile(d / "a.zip", "w") as z:
            z.writestr("a/config.json", "{}")
        refused(admit("a.zip", "unsigned", "--key", public), "SIG001")
        sign(d / "a.zip", secret)
        equal(admit("a.zip", "good", "--key", public)[0], ADMIT)
        equal((d / "good/a/config.json").read_bytes(), b"{}")
        equal(admit("a.zip", "either", "--key", other, "--key", public)[0], ADMIT)
        equal(admit("a.zip", "whole", "--whole", "--key", public)[0], ADMIT)
        refused(admit("a.zip", "another", "--key", other), "SIG004")
        (d / "a.zip.minisig").rename(d / "elsewhere")
        refused(admit("a.zip", "gone", "--key", public), "SIG001")
        equal(admit("a.zip", "named", "--key", public, "--signature", d / "elsewhere")[0], ADMIT)
        with zipfile.ZipFile(d / "a.zip", "a") as z:
            z.writestr("a/more.json", "{}")
        refused(admit("a.zip", "changed", "--key", public, "--signature", d / "elsewhere"), "SIG003")
        equal(admit("a.zip", "unasked")[0], ADMIT)


if __name__ == "__main__":
    main()
