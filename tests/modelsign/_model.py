"""What the tests of bundles and attestations share: models, keys, envelopes."""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

IN_TOTO = "application/vnd.in-toto+json"
MEDIA = "application/vnd.dev.sigstore.bundle.v0.3+json"


def pae(payload, kind=IN_TOTO):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def b64(data):
    return base64.b64encode(data).decode()


def model(folder, **files):
    """A folder with these files: "a/b" as "a__b", "." as "_"."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def openssl(*args, stdin=b""):
    return subprocess.run(["openssl", *args], input=stdin, capture_output=True, check=True).stdout


def key_pair(folder, curve="prime256v1", name="key"):
    """(secret, public) PEM files."""
    secret, public = folder / f"{name}.pem", folder / f"{name}.pub"
    secret.write_bytes(openssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"))
    secret.chmod(0o600)
    public.write_bytes(openssl("pkey", "-in", str(secret), "-pubout"))
    return secret, public


def hint(public):
    return hashlib.sha256(public.read_bytes()).hexdigest()


def statement(resources, ignore=(), subject=None, name="m", links=False):
    """About (name, digest in hex) in this order."""
    whole = hashlib.sha256(b"".join(bytes.fromhex(d) for _, d in resources)).hexdigest()
    how = {"method": "files", "hash_type": "sha256", "allow_symlinks": links}
    if ignore:
        how["ignore_paths"] = list(ignore)
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": subject or whole}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {
            "serialization": how,
            "resources": [{"name": n, "algorithm": "sha256", "digest": d} for n, d in resources],
        },
    }


def sign(secret, payload):
    """By openssl, with the hash of a P-256 key."""
    return openssl("dgst", "-sha256", "-sign", str(secret), stdin=pae(payload))


def bundle(secret, public, said, material=None, more=()):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return {
        "mediaType": MEDIA,
        "verificationMaterial": material or {"publicKey": {"hint": hint(public)}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": b64(payload),
            "payloadType": IN_TOTO,
            "signatures": [{"sig": b64(sign(secret, payload)), "keyid": ""}, *more],
        },
    }


def digest(data):
    return hashlib.sha256(data).hexdigest()


def payload_of(path):
    said = json.loads(pathlib.Path(path).read_text())
    return json.loads(base64.b64decode(said.get("dsseEnvelope", said)["payload"]))
