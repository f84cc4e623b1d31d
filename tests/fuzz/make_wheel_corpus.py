"""Makes tests/fuzz/corpus/wheel: one input of each kind, honest and bent ones."""
import base64
import hashlib
import io
import pathlib
import zipfile

OUT = pathlib.Path(__file__).resolve().parent / "corpus/wheel"
INFO = "pkg-1.0.dist-info/"
PLAIN = {
    "pkg/__init__.py": "x = 1\n" * 20,
    "pkg-1.0.data/scripts/run": "#!python\nprint()\n",
    INFO + "entry_points.txt": "[console_scripts]\nmain = pkg.m:go.on\n[gui_scripts]\npip = a:b [c]\n",
}


def line(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return f"{name},sha256={digest},{len(data)}\n"


def wheel(files, method=zipfile.ZIP_DEFLATED, record=None):
    files = dict(files)
    files.setdefault(INFO + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
    files.setdefault(INFO + "METADATA", "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n")
    if record is None:
        record = "".join(line(n, d.encode()) for n, d in files.items()) + INFO + "RECORD,,\n"
    files[INFO + "RECORD"] = record
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (2020, 2, 2, 0, 0, 0))
            info.compress_type = method
            info.external_attr = 0o100755 << 16
            z.writestr(info, data)
    return out.getvalue()


INPUTS = {
    "y_record": b'Ra.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\r\n"b,""c",md5=x,7\nd\n',
    "i_record_open": b'R"a,b\nc',
    "y_headers": b"MMetadata-Version: 2.1\nname:  A.b_c \nVersion: 1\n\nbody\nName: x\n",
    "y_entries": b"E# c\n[console_scripts]\nx = a.b:c.d [e, f]\n[g]\ny=z\nbad\n",
    "y_name": b"Na_b-1.0-2x-cp311.py3-abi3.none-manylinux_2_17_x86_64.any.whl",
    "y_name_unfit": b"Na-1-cp38-cp38-macosx_11_0_arm64.whl",
    "y_modules": b"La/__init__.py\na/b.abi3.so\nn/c.pyc\nx.pth\nsitecustomize.py\n../../bin/x\n\n[g]\nx=a.b:c\n",
    "y_wheel": wheel(PLAIN),
    "y_wheel_stored": wheel(PLAIN, zipfile.ZIP_STORED),
    "y_wheel_bzip2": wheel(PLAIN, zipfile.ZIP_BZIP2),
    "y_wheel_lzma": wheel(PLAIN, zipfile.ZIP_LZMA),
    "i_wheel_schemes": wheel({f"pkg-1.0.data/{k}/bin/../x{k}": k for k in
                              ("purelib", "platlib", "scripts", "data", "headers")}),
    "i_wheel_lib64": wheel({"pkg-1.0.data/data/lib64/python3.11/site-packages/a.py": "1", "a.py": "2"}),
    "i_wheel_record": wheel(PLAIN, record="gone,,\npkg/__init__.py,sha1=x,1\npkg/__init__.py,,\n"),
    "n_wheel_climbs": wheel({"../a.py": "1"}),
    "n_wheel_scheme": wheel({"pkg-1.0.data/other/a": "1"}),
    "n_wheel_two": wheel({"a-1.dist-info/x": "1"}),
    "n_wheel_cut": wheel(PLAIN)[:-30],
}

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, data in INPUTS.items():
        (OUT / name).write_bytes(data)
