#!/usr/bin/env python3
"""Bundles of PyPI's model-signing 1.1.1 that are kept here, bundles made here, attestations."""

import base64
import json
import pathlib
import shutil
import tempfile

from _model import b64, bundle, digest, hint, key_pair, model, openssl, payload_of, sign, statement

import forged

from _tap import ADMIT, HELD, HOSTILE, STOPPED, UNDECIDED, USAGE, equal, main, run, test

FIXTURES = pathlib.Path(__file__).resolve().parent / "fixtures"
CURVES = ("prime256v1", "secp384r1", "secp521r1")


def temporary():
    return tempfile.TemporaryDirectory(prefix="pratique-modelsign-")


def verify(signature, key, *more):
    done = run("manifest", "verify", str(signature), "--key", str(key), *map(str, more))
    return done.returncode, (done.stdout + done.stderr).decode()


def must(result, status, words=""):
    assert result[0] == status and words in result[1], result


# ---- what model-signing wrote ----


@test
def bundles_of_model_signing_hold():
    for curve in CURVES:
        must(verify(FIXTURES / f"{curve}.sig", FIXTURES / f"{curve}.pub", "--root",
                    FIXTURES / "model"), ADMIT)
    must(verify(FIXTURES / "chain.sig", FIXTURES / "chain.pem", "--root", FIXTURES / "model"),
         ADMIT)
    must(verify(FIXTURES / "chain.sig", FIXTURES / "chain.pem", "--root", FIXTURES / "model",
                "--identity", "a@example.org"), ADMIT)


@test
def bundles_of_others_do_not():
    for name, key, words in (
            ("prime256v1", "secp384r1.pub", "not among those given"),
            ("prime256v1", "chain.pem", "not among those given"),
            ("chain", "prime256v1.pub", "no root certificate"),
            ("chain", "expired.pem", "certificate"),
            ("expired", "expired.pem", "expired"),
            ("shards", "prime256v1.pub", "method shards")):
        must(verify(FIXTURES / f"{name}.sig", FIXTURES / key, "--root", FIXTURES / "model"),
             STOPPED, words)
    must(verify(FIXTURES / "chain.sig", FIXTURES / "chain.pem", "--root", FIXTURES / "model",
                "--identity", "example.org"), STOPPED, "a@example.org")


@test
def every_change_of_the_model_is_told():
    for what, change, words in (
            ("content", lambda m: (m / "config.json").write_text('{"hidden_size": 65}\n'),
             "config.json"),
            ("missing", lambda m: (m / "empty").unlink(), "empty"),
            ("longer", lambda m: (m / "empty").write_bytes(b"x"), "empty"),
            ("more", lambda m: (m / "sub/more").write_bytes(b""), "sub/more"),
            ("hidden", lambda m: (m / ".hidden").write_bytes(b""), ".hidden"),
            ("a folder", lambda m: ((m / "empty").unlink(), (m / "empty").mkdir()), "empty"),
            ("a link", lambda m: ((m / "empty").unlink(), (m / "empty").symlink_to("/dev/null")),
             "empty"),
            ("below .git", lambda m: ((m / ".git").mkdir(), (m / ".git/config").write_bytes(b"")),
             ".git/config")):
        with temporary() as d:
            d = pathlib.Path(d)
            shutil.copytree(FIXTURES / "model", d / "model")
            change(d / "model")
            status, text = verify(FIXTURES / "prime256v1.sig", FIXTURES / "prime256v1.pub",
                                  "--root", d / "model")
            assert status == STOPPED and words in text, (what, status, text)


# ---- what is made here ----


@test
def what_is_signed_here_holds():
    for curve in CURVES:
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d, curve)
            m = model(d / "m", a_bin=b"a", s__b=b"b", s_x=b"x")
            equal(run("manifest", "create", cwd=m).returncode, ADMIT)
            done = run("signature", "sign", "MANIFEST.json", "--kind", "model-signing", "--key",
                       str(secret), cwd=m)
            equal(done.returncode, ADMIT, done.stderr)
            must(verify(m / "model.sig", public), ADMIT)
            said = payload_of(m / "model.sig")
            equal([r["name"] for r in said["predicate"]["resources"]],
                  ["MANIFEST.json", "a.bin", "s/b", "s.x"])
            equal(said["subject"][0]["name"], "m")
            (m / "MANIFEST.json").write_text("{}")
            must(verify(m / "model.sig", public), STOPPED, "MANIFEST.json")


@test
def signing_says_what_is_wrong():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, public = key_pair(d)
        m = model(d / "m", a=b"a", model_sig=b"old")
        equal(run("manifest", "create", cwd=m).returncode, ADMIT)

        def signing(*more):
            done = run("signature", "sign", "MANIFEST.json", "--kind", "model-signing", *more,
                       cwd=m)
            return done.returncode, done.stderr.decode()

        must(signing("--key", str(secret)), USAGE, "model.sig")
        equal((m / "model.sig").read_bytes(), b"old")
        must(signing("--key", str(secret), "-o", "other.sig", "--certificate", str(public)), USAGE,
             "no certificate")
        must(signing("--key", str(secret), "-o", "other.sig", "--certificate",
                  str(FIXTURES / "chain.pem")), USAGE, "not that of the key")
        assert not (m / "other.sig").exists()
        must(signing("--key", str(secret), "-o", "\udcff.sig"), USAGE, "UTF-8")
        must(signing("--key", str(secret), "-o", str(d / "other.sig")), ADMIT)
        must(verify(d / "other.sig", public, "--root", m), ADMIT)


A = digest(b"a")
GOOD = statement([("a", A)], ignore=("model.sig", ".git"))


@test
def what_model_signing_lets_pass():
    twice = json.dumps(GOOD)[:-1] + ', "predicateType": "%s"}' % GOOD["predicateType"]
    upper = statement([("a", A.upper())])
    rows = (
        ("good", GOOD, {}, ADMIT, ""),
        ("twice", statement([("a", A), ("a", A)]), {}, STOPPED, "declared twice"),
        ("keys twice", twice.encode(), {}, STOPPED, "duplicate"),
        ("nothing", statement([], ignore=(".",)), {}, STOPPED, "declares no file"),
        ("all ignored", statement([("a", A)], ignore=(".",)), {}, STOPPED, "leave out everything"),
        ("junk", GOOD, {"more": [{"sig": "AAAA"}]}, STOPPED, "2 signatures"),
        ("no hint", GOOD, {"material": {"publicKey": {}}}, STOPPED, "hint"),
        ("upper case", upper, {}, STOPPED, "lower-case"),
        ("a way round", statement([("s/../a", A)]), {}, STOPPED, "s/../a"),
    )
    for what, said, more, status, words in rows:
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d)
            m = model(d / "m", a=b"a")
            (m / "model.sig").write_text(json.dumps(bundle(secret, public, said, **more)))
            got = verify(m / "model.sig", public)
            assert got[0] == status and words in got[1], (what, got)


@test
def what_is_ignored_there_is_told_here():
    for name in (".git/hooks/x", ".github/x", ".gitattributes", ".gitignore"):
        with temporary() as d:
            d = pathlib.Path(d)
            secret, public = key_pair(d)
            m = model(d / "m", a=b"a")
            said = statement([("a", A)], ignore=(".git", ".github", ".gitattributes", ".gitignore"))
            (m / "model.sig").write_text(json.dumps(bundle(secret, public, said)))
            must(verify(m / "model.sig", public), ADMIT)
            (m / name).parent.mkdir(parents=True, exist_ok=True)
            (m / name).write_bytes(b"")
            must(verify(m / "model.sig", public), STOPPED, name)
            must(verify(m / "model.sig", public, "--strict", "--ignore", name), ADMIT)


# ---- the table of forgeries ----

SHARED = tempfile.TemporaryDirectory(prefix="pratique-modelsign-")
KEYS = forged.Keys(SHARED.name)


def as_bytes(made):
    text = made if isinstance(made, (bytes, str)) else json.dumps(made)
    return text if isinstance(text, bytes) else text.encode()


def judge(name, make, status, words):
    with temporary() as d:
        folder = pathlib.Path(d) / "m"
        folder.mkdir()
        case = forged.Case(folder, KEYS)
        (folder / "model.sig").write_bytes(as_bytes(make(case)))
        keys = [x for key in case.trusted for x in ("--key", key)]
        got = verify(folder / "model.sig", *keys[1:], *case.options)
    assert got[0] == status and words in got[1], (name, got)
    assert got[1].replace("\n", "").isprintable(), got


def add_row(name, make, status, words):
    def one():
        judge(name, make, status, words)
    one.__name__ = name
    test(one)


for _row in forged.ROWS:
    add_row(*_row)


# ---- attestations ----


def attest(path, *more, **how):
    done = run("attest", str(path), *map(str, more), **how)
    return done.returncode, (done.stdout + done.stderr).decode()


def admit(path, to, *more):
    done = run("admit", str(path), "--to", str(to), *map(str, more))
    return done.returncode, (done.stdout + done.stderr).decode()


@test
def what_is_attested_is_admitted():
    with temporary() as d:
        d = pathlib.Path(d)
        equal(run("keygen", "--no-passphrase", "-o", "pair", cwd=d).returncode, ADMIT)
        pairs = [(d / "pair.key", d / "pair.pub"), *(key_pair(d, c, c) for c in CURVES)]
        for i, (secret, public) in enumerate(pairs):
            (d / "config.json").write_text('{"a": 1}')
            must(attest(d / "config.json", "--key", secret), ADMIT)
            must(admit(d / "config.json", d / f"to{i}", "--require-attestation", public), ADMIT)
            (d / "config.json").write_text('{"a": 2}')
            got = admit(d / "config.json", d / f"no{i}", "--require-attestation", public)
            assert got[0] == STOPPED and "other bytes" in got[1], got
            assert not (d / f"no{i}").exists()
        # by a key that nobody asked for
        (d / "config.json").write_text('{"a": 1}')
        got = admit(d / "config.json", d / "no", "--require-attestation", pairs[0][1])
        assert got[0] == STOPPED and not (d / "no").exists(), got
        (d / "config.json.vsa.json").unlink()
        got = admit(d / "config.json", d / "no", "--require-attestation", pairs[0][1])
        assert got[0] == STOPPED and not (d / "no").exists(), got


def forge(made, change, secret):
    """An attestation of which the envelope, or the statement that is signed anew, is another."""
    if change[0]:
        got = change[0](made)
        return as_bytes(made if got is None else got)
    said = json.loads(base64.b64decode(made["payload"]))
    got = change[1](said)
    payload = as_bytes(said if got is None else got)
    made["payload"] = b64(payload)
    made["signatures"][0]["sig"] = b64(sign(secret, payload))
    return as_bytes(made)


@test
def forged_attestations_admit_nothing():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, public = key_pair(d)
        (d / "config.json").write_text('{"a": 1}')
        must(attest(d / "config.json", "--key", secret), ADMIT)
        good = (d / "config.json.vsa.json").read_bytes()
        for name, change, said, words in forged.ATTESTED:
            (d / "config.json.vsa.json").write_bytes(forge(json.loads(good), (change, said), secret))
            got = admit(d / "config.json", d / "to", "--require-attestation", public)
            assert got[0] == (STOPPED if words is not None else ADMIT) and (words or "") in got[1], (name, got)
            assert (d / "to").exists() == (words is None), name
            if words is None:
                shutil.rmtree(d / "to") if (d / "to").is_dir() else (d / "to").unlink()


@test
def only_what_is_admitted_is_attested():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, _ = key_pair(d)
        for name, content in (("hostile.pkl", HOSTILE), ("held.pkl", HELD), ("odd.pkl", b"\x80\x04")):
            (d / name).write_bytes(content)
            status, text = attest(d / name, "--key", secret)
            assert status in (STOPPED, UNDECIDED) and "nothing was written" in text, text
            assert not (d / f"{name}.vsa.json").exists()


@test
def attesting_says_what_is_wrong():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, public = key_pair(d)
        (d / "a.json").write_text("{}")
        must(attest(d / "a.json"), USAGE, "--key")
        must(attest(d / "a.json", "--key", d / "none"), UNDECIDED, "none")
        must(attest(d / "a.json", "--key", public), USAGE, "key")
        must(attest(d / "none.json", "--key", secret), UNDECIDED, "none.json")
        must(attest(d, "--key", secret), USAGE, "regular file")
        (d / "\udcff.json").write_text("{}")
        must(attest(d / "\udcff.json", "--key", secret), USAGE, "UTF-8")
        must(attest(d / "a.json", "--key", secret, "-o", d / "no/where.json"), UNDECIDED, "no")
        secret.chmod(0o644)
        must(attest(d / "a.json", "--key", secret), USAGE, "chmod")
        secret.chmod(0o600)
        must(attest(d / "a.json", "--key", secret, "--policy", "none"), USAGE, "none")
        assert not (d / "a.json.vsa.json").exists()
        encrypted = d / "encrypted.pem"
        encrypted.write_bytes(openssl("pkey", "-in", str(secret), "-aes256", "-passout", "pass:right"))
        encrypted.chmod(0o600)
        for word, status in (("right", ADMIT), ("wrong", USAGE)):
            (d / "word").write_text(word + "\n")
            (d / "word").chmod(0o600)
            must(attest(d / "a.json", "--key", encrypted, "--passphrase-file", d / "word"), status)


@test
def the_policy_is_named():
    with temporary() as d:
        d = pathlib.Path(d)
        secret, _ = key_pair(d)
        (d / "a.json").write_text("{}")
        must(attest(d / "a.json", "--key", secret, "--policy", "upload,source"), ADMIT)
        said = payload_of(d / "a.json.vsa.json")["predicate"]
        equal(said["policy"]["uri"], "urn:pratique:policy:upload%2Csource")
        equal(said["urn:pratique:verdict"]["policies"], "upload,source")
        # Without a file: of the rules, as docs/ATTESTATION.md says.
        rules = json.loads(run("rules", "--format", "json").stdout)
        rules = rules if isinstance(rules, list) else rules["rules"]
        version = run("--version").stdout.decode().split()[1]
        text = f"pratique {version}\npolicies upload,source\n" + "".join(
            f"{r['id']} {r['severity']} {r['name']}\n" for r in rules)
        equal(said["policy"]["digest"]["sha256"], digest(text.encode()))
        # With one: of its bytes, and the mode stands behind '#'.
        policy = b"version: 1\ndefault_mode: strict\nmodes:\n  strict:\n    policies: [upload]\n"
        (d / "my policy.yml").write_bytes(policy)
        must(attest(d / "a.json", "--key", secret, "--policy-file", d / "my policy.yml"), ADMIT)
        said = payload_of(d / "a.json.vsa.json")["predicate"]
        equal(said["policy"], {"uri": "urn:pratique:policy-file:my%20policy.yml#strict",
                               "digest": {"sha256": digest(policy)}})


if __name__ == "__main__":
    main()
