"""Keys and signatures of the real tools, for the tests of signatures."""

import base64
import hashlib
import os
import pathlib
import shutil
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/cli"))
from _tap import Skip  # noqa: E402

MESSAGE = b'{"what": "a manifest"}\n'


def need(*names):
    """Skips the test, with a word, where a tool is not installed."""
    for name in names:
        if not shutil.which(name):
            raise Skip(f"{name} is not installed")


def tool(*args, stdin=b"", ok=True, **kw):
    done = subprocess.run([str(a) for a in args], input=stdin, capture_output=True, timeout=60, **kw)
    assert not ok or done.returncode == 0, f"{args}: {done.stdout + done.stderr}"
    return done


# ---- minisign ----

class Cheap:
    """A secret key of minisign's that costs next to nothing to open: N=1024."""

    def __init__(self, seed_key, passphrase):
        """seed_key: the lines of an unencrypted secret key's file."""
        raw = bytearray(base64.b64decode(seed_key.splitlines()[1]))
        salt = bytes(range(32))
        raw[2:4], raw[6:38] = b"Sc", salt
        raw[38:54] = struct.pack("<QQ", 32768, 1 << 20)
        raw[126:158] = hashlib.blake2b(b"Ed" + raw[54:126], digest_size=32).digest()
        stream = hashlib.scrypt(passphrase, salt=salt, n=1024, r=8, p=1, dklen=104)
        raw[54:158] = bytes(a ^ b for a, b in zip(raw[54:158], stream))
        self.text = b"untrusted comment: x\n" + base64.b64encode(bytes(raw)) + b"\n"


def secret_file(path, text):
    path.write_bytes(text)
    path.chmod(0o600)
    return path


# ---- OpenSSH ----

def ssh_key(folder, name, *options):
    """A key without a passphrase; its path."""
    path = folder / name
    tool("ssh-keygen", "-q", "-N", "", "-C", "a comment", "-f", path, *options)
    return path


def ssh_sign(key, file, space="pratique-manifest", *options):
    """The signature's bytes."""
    return tool("ssh-keygen", "-q", "-Y", "sign", *options, "-f", key, "-n", space,
                stdin=file.read_bytes()).stdout


def ssh_string(data):
    return struct.pack(">I", len(data)) + data


def ssh_armor(blob):
    text = base64.b64encode(blob).decode()
    lines = [text[i:i + 70] for i in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines,
                      "-----END SSH SIGNATURE-----", ""]).encode()


def ssh_signed_data(message, space=b"pratique-manifest", name=b"sha512"):
    return (b"SSHSIG" + ssh_string(space) + ssh_string(b"") + ssh_string(name)
            + ssh_string(hashlib.new(name.decode(), message).digest()))


def ssh_blob(key, signature, space=b"pratique-manifest", name=b"sha512"):
    return (b"SSHSIG" + struct.pack(">I", 1) + ssh_string(key) + ssh_string(space) + ssh_string(b"")
            + ssh_string(name) + ssh_string(signature))


def openssl_sign(folder, pem, data, *options):
    (folder / "data").write_bytes(data)
    return tool("openssl", *options, "-inkey" if "pkeyutl" in options else "-sign", pem,
                *(["-in"] if "pkeyutl" in options else []), folder / "data").stdout


# ---- OpenPGP ----

class Gpg:
    """A GnuPG of its own, in a folder with a short name; ended with close()."""

    def __init__(self, folder):
        self.home = folder / "g"
        self.home.mkdir(mode=0o700)
        self.env = {"PATH": os.environ["PATH"], "GNUPGHOME": str(self.home), "LC_ALL": "C"}

    def __call__(self, *args, **kw):
        return tool("gpg", "--batch", "--quiet", "--no-tty", "--yes", "--pinentry-mode", "loopback",
                    "--passphrase", "", *args, env=self.env, **kw)

    def key(self, user, *options, expires="0"):
        self(*options, "--quick-gen-key", user, "ed25519", "sign", expires)
        return self("--with-colons", "--list-keys", user).stdout.decode().split("fpr:::::::::")[1][:40]

    def close(self):
        tool("gpgconf", "--kill", "all", env=self.env, ok=False)
