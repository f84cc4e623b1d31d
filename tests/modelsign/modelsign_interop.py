#!/usr/bin/env python3
"""PyPI's model-signing beside ours, both ways; what it lets pass; attestations before others."""

import base64
import datetime
import json
import pathlib
import tempfile

import model_signing.hashing
import model_signing.signing
import model_signing.verifying
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from google.protobuf import json_format
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement as in_toto
from in_toto_attestation.v1 import statement_pb2
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from _model import IN_TOTO, bundle, digest, hint, key_pair, model, pae, payload_of, statement

from _tap import ADMIT, STOPPED, USAGE, equal, main, run, test

CURVES = ("prime256v1", "secp384r1", "secp521r1")
FILES = {"a_bin": b"a" * 1000, "sub__b_bin": b"b", "sub__a__c": b"", "sub-x": b"x", "sub_y": b"y",
         "gewichte-\u00e4": b"utf-8"}


def theirs_sign(where, signature, secret, **how):
    config = model_signing.hashing.Config().set_ignored_paths(paths=[signature.name])
    if how:
        how.pop("shards", None)
        config.set_allow_symlinks(how.get("links", False))
    (model_signing.signing.Config().use_elliptic_key_signer(private_key=secret)
     .set_hashing_config(config).sign(where, signature))


def theirs_verify(where, signature, public):
    """None, or why not."""
    try:
        (model_signing.verifying.Config().use_elliptic_key_verifier(public_key=public)
         .verify(where, signature))
    except Exception as e:  # it raises what it likes
        return f"{type(e).__name__}: {e}"
    return None


def theirs_verify_chain(where, signature, root):
    try:
        (model_signing.verifying.Config().use_certificate_verifier(certificate_chain=[root])
         .verify(where, signature))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    return None


def ours(signature, key, *more, cwd=None):
    done = run("manifest", "verify", str(signature), "--key", str(key), *more, cwd=cwd)
    return done.returncode, (done.stdout + done.stderr).decode()


def temporary():
    return tempfile.TemporaryDirectory(prefix="pratique-modelsign-")


# ---- both ways ----


@test
def their_bundles_hold_here():
    for curve in CURVES:
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d, curve)
            m = model(d / "m", **FILES)
            theirs_sign(m, m / "model.sig", secret)
            status, text = ours(m / "model.sig", public)
            equal(status, ADMIT, f"{curve}: {text}")
            (m / "a.bin").write_bytes(b"a" * 999 + b"b")
            status, text = ours(m / "model.sig", public)
            assert status == STOPPED and "a.bin" in text, text
            (m / "a.bin").write_bytes(b"a" * 1000)
            (m / "more").write_bytes(b"")
            status, text = ours(m / "model.sig", public)
            assert status == STOPPED and "more" in text, text
            (m / "more").unlink()
            (m / "sub.y").unlink()
            status, text = ours(m / "model.sig", public)
            assert status == STOPPED and "sub.y" in text, text


@test
def our_bundles_hold_there():
    for curve in CURVES:
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d, curve)
            m = model(d / "m", **FILES)
            equal(run("manifest", "create", cwd=m).returncode, ADMIT)
            done = run("signature", "sign", "MANIFEST.json", "--kind", "model-signing", "--key",
                       str(secret), cwd=m)
            equal(done.returncode, ADMIT, done.stderr.decode())
            equal(theirs_verify(m, m / "model.sig", public), None, curve)
            equal(ours(m / "model.sig", public)[0], ADMIT)
            # The same files have the same digest, whoever signs them.
            mine = payload_of(m / "model.sig")["subject"]
            theirs_sign(m, m / "model.sig", secret)
            equal(mine, payload_of(m / "model.sig")["subject"], curve)
            (m / "a.bin").write_bytes(b"")
            assert theirs_verify(m, m / "model.sig", public)


@test
def a_bundle_does_not_sign_itself():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, _ = key_pair(d)
        m = model(d / "m", a=b"a", model_sig=b"old")
        equal(run("manifest", "create", cwd=m).returncode, ADMIT)
        done = run("signature", "sign", "MANIFEST.json", "--kind", "model-signing", "--key",
                   str(secret), cwd=m)
        assert done.returncode == USAGE and b"model.sig" in done.stderr, done.stderr
        equal((m / "model.sig").read_bytes(), b"old")


@test
def keys_of_others_do_not():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, _ = key_pair(d)
        _, other = key_pair(d, name="other")
        m = model(d / "m", **FILES)
        theirs_sign(m, m / "model.sig", secret)
        status, text = ours(m / "model.sig", other)
        assert status == STOPPED and "not among those given" in text, text
        # The hint is not signed: naming our key does not make it ours.
        said = json.loads((m / "model.sig").read_text())
        said["verificationMaterial"]["publicKey"]["hint"] = hint(other)
        (m / "model.sig").write_text(json.dumps(said))
        status, text = ours(m / "model.sig", other)
        assert status == STOPPED and "not one of its statement" in text, text


@test
def one_file_as_a_model():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, public = key_pair(d)
        m = model(d / "m", weights_bin=b"w", other=b"o")
        (model_signing.signing.Config().use_elliptic_key_signer(private_key=secret)
         .sign(m / "weights.bin", m / "model.sig"))
        equal(ours(m / "model.sig", public)[0], ADMIT)
        (m / "weights.bin").write_bytes(b"x")
        equal(ours(m / "model.sig", public)[0], STOPPED)


@test
def links_within_the_model():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, public = key_pair(d)
        m = model(d / "m", blobs__x=b"x")
        (m / "weights.bin").symlink_to("blobs/x")
        theirs_sign(m, m / "model.sig", secret, links=True)
        status, text = ours(m / "model.sig", public)
        equal(status, ADMIT, text)
        (d / "outside").write_bytes(b"x")
        (m / "weights.bin").unlink()
        (m / "weights.bin").symlink_to("../outside")
        status, text = ours(m / "model.sig", public)
        assert status == STOPPED and "weights.bin" in text, text


@test
def what_is_not_supported_says_so():
    for name, words in (("shards", "method shards"), ("blake3", "only sha256"),
                        ("blake2", "only sha256")):
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d)
            m = model(d / "m", a=b"a" * 100)
            config = model_signing.hashing.Config()
            if name == "shards":
                config.use_shard_serialization(shard_size=10)
            else:
                config.use_file_serialization(hashing_algorithm=name)
            (model_signing.signing.Config().use_elliptic_key_signer(private_key=secret)
             .set_hashing_config(config).sign(m, d / "model.sig"))
            status, text = ours(d / "model.sig", public, "--root", str(m))
            assert status == STOPPED and words in text, text


# ---- certificates ----


def certificate(name, key, issuer, issuer_key, days, ca=False, usage=True, eku=None, names=()):
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    b = (x509.CertificateBuilder().subject_name(subject)
         .issuer_name(issuer.subject if issuer else subject).public_key(key.public_key())
         .serial_number(x509.random_serial_number())
         .not_valid_before(now - datetime.timedelta(days=30))
         .not_valid_after(now + datetime.timedelta(days=days))
         .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
    if usage:
        b = b.add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False),
                            critical=True)
    if eku:
        b = b.add_extension(x509.ExtendedKeyUsage([eku]), critical=False)
    if names:
        b = b.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(n) for n in names]), False)
    return b.sign(issuer_key, hashes.SHA256())


def pki(folder, curve=None, days=300, **leaf):
    """Files: secret, leaf certificate, root certificate, and the one in between."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    own = ec.generate_private_key(curve or ec.SECP256R1())
    root = certificate("root", keys[0], None, keys[0], 1000, ca=True)
    middle = certificate("middle", keys[1], root, keys[0], 900, ca=True)
    mine = certificate("leaf", own, middle, keys[1], days, **leaf)
    paths = [folder / n for n in ("leaf.key", "leaf.pem", "root.pem", "middle.pem")]
    paths[0].write_bytes(own.private_bytes(serialization.Encoding.PEM,
                                           serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    paths[0].chmod(0o600)
    for path, one in zip(paths[1:], (mine, root, middle)):
        path.write_bytes(one.public_bytes(serialization.Encoding.PEM))
    return paths


def theirs_sign_chain(where, signature, secret, leaf, middle):
    config = model_signing.hashing.Config().set_ignored_paths(paths=[signature.name])
    (model_signing.signing.Config()
     .use_certificate_signer(private_key=secret, signing_certificate=leaf,
                             certificate_chain=[middle])
     .set_hashing_config(config).sign(where, signature))


@test
def certificates_both_ways():
    for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()):
        with temporary() as d:
            d = pathlib.Path(d)
            secret, leaf, root, middle = pki(d, curve, names=["a@example.org"])
            m = model(d / "m", **FILES)
            theirs_sign_chain(m, m / "model.sig", secret, leaf, middle)
            status, text = ours(m / "model.sig", root)
            equal(status, ADMIT, text)
            status, text = ours(m / "model.sig", root, "--identity", "a@example.org")
            equal(status, ADMIT, text)
            status, text = ours(m / "model.sig", root, "--identity", "b@example.org")
            assert status == STOPPED and "a@example.org" in text, text
            (m / "model.sig").unlink()
            equal(run("manifest", "create", cwd=m).returncode, ADMIT)
            done = run("signature", "sign", "MANIFEST.json", "--kind", "model-signing", "--key",
                       str(secret), "--certificate", str(leaf), "--certificate", str(middle), cwd=m)
            equal(done.returncode, ADMIT, done.stderr.decode())
            equal(theirs_verify_chain(m, m / "model.sig", root), None, curve.name)
            equal(ours(m / "model.sig", root)[0], ADMIT)


@test
def certificates_that_pass_there():
    for what, words, leaf in (
            ("expired yesterday", "expired", {"days": -1}),
            ("of a web server", "codeSigning", {"eku": ExtendedKeyUsageOID.SERVER_AUTH})):
        with temporary() as d:
            d = pathlib.Path(d)
            secret, mine, root, middle = pki(d, **leaf)
            m = model(d / "m", **FILES)
            theirs_sign_chain(m, m / "model.sig", secret, mine, middle)
            equal(theirs_verify_chain(m, m / "model.sig", root), None, what)
            status, text = ours(m / "model.sig", root)
            assert status == STOPPED and words in text, f"{what}: {status} {text}"


@test
def certificates_of_nobody_known():
    with temporary() as d:
        d = pathlib.Path(d)
        (d / "other").mkdir()
        secret, mine, _, middle = pki(d)
        other = pki(d / "other")[2]
        m = model(d / "m", **FILES)
        theirs_sign_chain(m, m / "model.sig", secret, mine, middle)
        assert theirs_verify_chain(m, m / "model.sig", other)
        equal(ours(m / "model.sig", other)[0], STOPPED)


# ---- what it lets pass ----


def crafted(d, said, **more):
    """A model with one file, and a bundle that says this of it."""
    secret, public = key_pair(d)
    m = model(d / "m", a=b"a")
    text = bundle(secret, public, said, **more)
    (m / "model.sig").write_text(text if isinstance(text, str) else json.dumps(text))
    return m, public


A = digest(b"a")
GOOD = statement([("a", A)], ignore=("model.sig", ".git"))


def expect(what, m, public, words, more=()):
    equal(theirs_verify(m, m / "model.sig", public), None, f"{what}: theirs")
    status, text = ours(m / "model.sig", public, *more)
    assert status == STOPPED and words in text, f"{what}: {status} {text}"


@test
def passes_there_undeclared_below_git():
    for name in (".git/hooks/post-checkout", ".github/x", ".gitattributes", ".gitignore"):
        with temporary() as d:
            m, public = crafted(pathlib.Path(d), GOOD)
            equal(ours(m / "model.sig", public)[0], ADMIT)
            (m / name).parent.mkdir(parents=True, exist_ok=True)
            (m / name).write_bytes(b"evil")
            expect(name, m, public, name)
            equal(ours(m / "model.sig", public, "--strict", "--ignore", name)[0], ADMIT)


@test
def passes_there_duplicate_resources():
    with temporary() as d:
        said = statement([("a", A), ("a", A)], ignore=("model.sig",))
        m, public = crafted(pathlib.Path(d), said)
        expect("twice", m, public, "declared twice")


@test
def passes_there_duplicate_keys():
    with temporary() as d:
        text = json.dumps(GOOD)[:-1] + ', "predicateType": "%s"}' % GOOD["predicateType"]
        m, public = crafted(pathlib.Path(d), text.encode())
        expect("keys", m, public, "duplicate")


@test
def passes_there_nothing_at_all():
    with temporary() as d:
        m, public = crafted(pathlib.Path(d), statement([], ignore=(".",)))
        expect("nothing", m, public, "declares no file")


@test
def passes_there_a_second_signature():
    with temporary() as d:
        m, public = crafted(pathlib.Path(d), GOOD, more=[{"sig": "AAAA", "keyid": "junk"}])
        expect("junk", m, public, "2 signatures")


@test
def passes_there_without_a_hint():
    with temporary() as d:
        m, public = crafted(pathlib.Path(d), GOOD, material={"publicKey": {}, "tlogEntries": []})
        expect("no hint", m, public, "hint")


@test
def passes_there_upper_case_and_other_paths():
    with temporary() as d:
        said = statement([("a", A)], ignore=("model.sig",))
        said["predicate"]["resources"][0]["digest"] = A.upper()
        m, public = crafted(pathlib.Path(d), said)
        expect("upper case", m, public, "lower-case")
    with temporary() as d:
        m, public = crafted(pathlib.Path(d), statement([("./a", A)], ignore=("model.sig",)))
        expect("./a", m, public, "./a")


# ---- attestations ----


def attested(d, *key, name="config.json"):
    (d / name).write_bytes(b'{"a": 1}')
    done = run("attest", *key, str(d / name))
    equal(done.returncode, ADMIT, done.stderr.decode())
    return json.loads((d / f"{name}.vsa.json").read_text())


@test
def attestations_hold_for_securesystemslib():
    for curve in CURVES:
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d, curve)
            envelope = attested(d, "--key", str(secret))
            scheme = {"prime256v1": "ecdsa-sha2-nistp256", "secp384r1": "ecdsa-sha2-nistp384",
                      "secp521r1": "ecdsa-sha2-nistp521"}[curve]
            known = {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"}
            key = serialization.load_pem_public_key(public.read_bytes())
            if scheme in known:
                wanted = SSlibKey.from_crypto(key, envelope["signatures"][0]["keyid"], scheme)
                Envelope.from_dict(json.loads(json.dumps(envelope))).verify([wanted], 1)
            else:
                key.verify(base64.b64decode(envelope["signatures"][0]["sig"]),
                           pae(base64.b64decode(envelope["payload"])), ec.ECDSA(hashes.SHA512()))


@test
def attestations_by_minisign_keys_are_ed25519():
    with temporary() as d:
        d = pathlib.Path(d)
        equal(run("keygen", "--no-passphrase", "-o", "pair", cwd=d).returncode, ADMIT)
        envelope = attested(d, "--key", str(d / "pair.key"))
        raw = base64.b64decode((d / "pair.pub").read_text().splitlines()[1])
        ed25519.Ed25519PublicKey.from_public_bytes(raw[10:]).verify(
            base64.b64decode(envelope["signatures"][0]["sig"]),
            pae(base64.b64decode(envelope["payload"])))
        equal(envelope["signatures"][0]["keyid"], raw[2:10][::-1].hex().upper())


@test
def attestations_are_in_toto_and_slsa():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, _ = key_pair(d)
        envelope = attested(d, "--key", str(secret))
        equal(envelope["payloadType"], IN_TOTO)
        text = base64.b64decode(envelope["payload"]).decode()
        said = json.loads(text)
        pb = json_format.Parse(text, statement_pb2.Statement())
        in_toto.Statement.copy_from_pb(pb).validate()
        predicate = dict(said["predicate"])
        predicate.pop("urn:pratique:verdict")  # an extension: not in the schema
        predicate["verifier"] = {"id": predicate["verifier"]["id"]}  # version is of SLSA 1.1
        equal(predicate.pop("verifiedLevels"), ["PRATIQUE_ADMIT"])  # a list by SLSA, not in vsa.proto
        vsa = json_format.ParseDict(predicate, vsa_pb2.VerificationSummary())
        equal(vsa.verification_result, "PASSED")
        equal(said["subject"], [{"name": "config.json", "digest": {"sha256": digest(b'{"a": 1}')}}])
        # slsa.dev/spec/v1.0/verification_summary: what is required.
        for field in ("verifier", "timeVerified", "resourceUri", "policy", "verificationResult",
                      "verifiedLevels"):
            assert field in said["predicate"], field
        assert said["predicate"]["policy"]["uri"] and said["predicate"]["verifier"]["id"]


if __name__ == "__main__":
    main()
