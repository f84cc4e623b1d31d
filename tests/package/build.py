"""Builds the packages of bad/ and good/: wheels and sdists, the same bytes each time.

A case is a file NAME.py, which stands for NAME/__init__.py, or a folder whose files go into the
package as they are. A folder with a setup.py or a pyproject.toml becomes an sdist, all others
wheels with true METADATA, WHEEL and RECORD; an entry_points.txt goes into the dist-info.

Usage: build.py FOLDER [NAME...]    writes them below FOLDER/bad and FOLDER/good
"""
import base64
import gzip
import hashlib
import io
import pathlib
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
VERSION = "1.0"
WHEN = (2026, 1, 1, 0, 0, 0)


def sources(side):
    """{name: {member: bytes}} of bad or good."""
    out = {}
    for path in sorted((HERE / side).iterdir()):
        if path.is_dir():
            out[path.name] = {str(f.relative_to(path)): f.read_bytes()
                              for f in sorted(path.rglob("*"))
                              if f.is_file() and "__pycache__" not in f.parts}
        elif path.suffix == ".py":
            out[path.stem] = {f"{path.stem}/__init__.py": path.read_bytes()}
    return out


def is_sdist(files):
    return "setup.py" in files or "pyproject.toml" in files


def metadata(name):
    return (f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {VERSION}\n"
            f"Summary: a package for tests\n").encode()


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def top_level(files):
    tops = {f.split("/")[0].removesuffix(".py") for f in files if f.endswith(".py")}
    return "".join(f"{t}\n" for t in sorted(tops)).encode()


def wheel(name, files):
    info = f"{name}-{VERSION}.dist-info"
    members = {f: data for f, data in files.items() if f != "entry_points.txt"}
    members[f"{info}/METADATA"] = metadata(name)
    members[f"{info}/WHEEL"] = (b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
                                b"Tag: py3-none-any\n")
    members[f"{info}/top_level.txt"] = top_level(files)
    if "entry_points.txt" in files:
        members[f"{info}/entry_points.txt"] = files["entry_points.txt"]
    record = [f"{f},sha256={digest(data)},{len(data)}" for f, data in members.items()]
    members[f"{info}/RECORD"] = ("\n".join([*record, f"{info}/RECORD,,"]) + "\n").encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z:
        for member, data in members.items():
            entry = zipfile.ZipInfo(member, WHEN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            z.writestr(entry, data)
    return f"{name}-{VERSION}-py3-none-any.whl", buffer.getvalue()


def sdist(name, files):
    top = f"{name}-{VERSION}"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member, data in {"PKG-INFO": metadata(name), **files}.items():
            entry = tarfile.TarInfo(f"{top}/{member}")
            entry.size, entry.mtime, entry.mode = len(data), 1767225600, 0o644
            tar.addfile(entry, io.BytesIO(data))
    return f"{top}.tar.gz", buffer.getvalue()


def build(folder, only=()):
    """{"bad/NAME": path} of the packages, written below the folder."""
    out = {}
    for side in ("bad", "good"):
        place = pathlib.Path(folder) / side
        place.mkdir(parents=True, exist_ok=True)
        for name, files in sources(side).items():
            if only and not any(word in name for word in only):
                continue
            file, data = (sdist if is_sdist(files) else wheel)(name, files)
            (place / file).write_bytes(data)
            out[f"{side}/{name}"] = place / file
    return out


if __name__ == "__main__":
    for path in build(sys.argv[1], sys.argv[2:]).values():
        print(path)
