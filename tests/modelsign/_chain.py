"""Certificates for the tests, made by openssl ca, which can also make those of the past."""

import base64

from _model import openssl

PAST, FUTURE = "20200101000000Z", "20990101000000Z"
ROOT = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
LEAF = ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=codeSigning\nsubjectAltName=email:a@example.org\n")

CONFIG = """[ca]
default_ca = it
[it]
database = {0}/index
new_certs_dir = {0}
unique_subject = no
policy = any
rand_serial = yes
[any]
commonName = supplied
"""


class Certificate:
    """A secret key and its certificate: files secret, pem; its DER."""

    def __init__(self, folder, name, by=None, extensions=LEAF, subject=None, curve="prime256v1",
                 since=PAST, until=FUTURE, digest="sha256", secret=None):
        self.pem = folder / f"{name}.crt"
        self.secret = secret or folder / f"{name}.key"
        if not secret:
            kind = (("EC", "-pkeyopt", f"ec_paramgen_curve:{curve}") if curve[0] in "ps" else
                    ("RSA", "-pkeyopt", "rsa_keygen_bits:2048") if curve == "RSA" else (curve,))
            self.secret.write_bytes(openssl("genpkey", "-algorithm", *kind))
            self.secret.chmod(0o600)
        request = folder / f"{name}.csr"
        request.write_bytes(openssl("req", "-new", "-key", str(self.secret), "-subj",
                                    f"/CN={subject or name}"))
        (folder / "index").write_bytes(b"")
        (folder / "ca.cnf").write_text(CONFIG.format(folder))
        (folder / "ext").write_text(extensions)
        issuer = (["-selfsign", "-keyfile", str(self.secret)] if by is None else
                  ["-cert", str(by.pem), "-keyfile", str(by.secret)])
        openssl("ca", "-batch", "-config", str(folder / "ca.cnf"), *issuer, "-in", str(request),
                "-out", str(self.pem), "-notext", "-startdate", since, "-enddate",
                until, "-md", digest, *(["-extfile", str(folder / "ext")] if extensions else []))

    @property
    def der(self):
        lines = self.pem.read_text().split("-----")[2].split()
        return base64.b64decode("".join(lines))


def chain(*certificates):
    """What a bundle brings along, the signer's first."""
    return {"x509CertificateChain": {"certificates": [
        {"rawBytes": base64.b64encode(c if isinstance(c, bytes) else c.der).decode()}
        for c in certificates]}, "tlogEntries": []}
