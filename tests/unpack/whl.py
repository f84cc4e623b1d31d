"""Wheels, byte by byte: the RECORD is the caller's to falsify."""
import base64
import hashlib

import zips

NAME = "demo-1.0-py3-none-any.whl"
INFO = "demo-1.0.dist-info/"
METADATA = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
WHEEL = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def digest(data, name="sha256"):
    raw = hashlib.new(name, data).digest()
    return name + "=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def row(path, data, hash_name="sha256"):
    return "%s,%s,%d" % (path, digest(data, hash_name), len(data))


def files(**more):
    """The least that a wheel holds, without its RECORD."""
    out = {"demo/__init__.py": b"VERSION = '1.0'\n", INFO + "METADATA": METADATA,
           INFO + "WHEEL": WHEEL}
    out.update(more.pop("also", {}))
    return out


def of_all_sizes():
    """Files whose hashes wait for each other in every way."""
    sizes = [0, 1, 63, 64, 65, 300000, 9 << 20, 5000, 2 << 20, 1 << 20, 100, 524288, 524289, 64000,
             3 << 20, 7 << 20, 0, 10 << 20, 9 << 20, 200000, 900000, 1000, 2000]
    return {"demo/%d.bin" % i: b"%02d, " % i * (n // 4) + b"x" * (n % 4) for i, n in enumerate(sizes)}


def rows(content, **kw):
    return [row(path, data, **kw) for path, data in content.items()]


def wheel(content=None, lines=None, record=INFO + "RECORD", end="\n", members=()):
    """lines: the RECORD's rows without its own; record=None leaves it out."""
    content = files() if content is None else content
    lines = rows(content) if lines is None else lines
    out = [zips.Member(path, data, mode=0o100644) for path, data in content.items()]
    if record:
        text = end.join(list(lines) + [record + ",,"]) + end
        out.append(zips.Member(record, text.encode(), mode=0o100644))
    return zips.archive(out + list(members))
