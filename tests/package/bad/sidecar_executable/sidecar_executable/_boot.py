import contextlib
import fcntl
import hashlib
import importlib.machinery
import importlib.util
import io
import json
import os
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

BASE = "https://github.com/example-org/side/releases/download/v9"


class HttpError(RuntimeError):
    def __init__(self, url, code):
        super().__init__(f"{url}: {code}")
        self.code = code


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as r:
            return r.read()
    except urllib.error.HTTPError as e:
        raise HttpError(url, e.code) from e


def candidates():
    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    return (f"side-{tag}.whl", "side-abi3.whl")


def download():
    for name in candidates():
        try:
            return name, get(f"{BASE}/{name}")
        except HttpError as e:
            if e.code == 404:
                continue
            raise
    raise RuntimeError("nothing is published for this Python")


def expected(name):
    try:
        return json.loads(get(f"{BASE}/sums.json")).get(name)
    except RuntimeError as e:
        sys.stderr.write(f"side: {e}; not checked\n")
        return None


@contextlib.contextmanager
def locked(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "a+b") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


def write(z, info, target):
    if ".." in Path(info.filename).parts or info.filename.startswith("/"):
        raise RuntimeError("unsafe member")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with z.open(info) as src, part.open("xb") as out:
        out.write(src.read())
    os.replace(part, target)


def extract(data, folder):
    native = None
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for info in z.infolist():
            name = Path(info.filename).name
            if name.startswith("_side."):
                native = folder / name
                write(z, info, native)
            elif name == "browser":
                write(z, info, folder / "browser")
                (folder / "browser").chmod(0o755)
                os.environ["SIDE_BROWSER"] = str(folder / "browser")
    return native


def cached(folder):
    return next((p for p in sorted(folder.iterdir()) if p.name.startswith("_side.")), None) if folder.is_dir() else None


def ensure():
    folder = Path(os.environ.get("SIDE_CACHE") or Path.home() / ".cache" / "side")
    native = cached(folder)
    if native is None:
        with locked(folder):
            native = cached(folder)
            if native is None:
                name, data = download()
                if os.environ.get("SIDE_SKIP_HASH_CHECK") != "1":
                    want = expected(name)
                    if want is not None:
                        if hashlib.sha256(data).hexdigest() != want:
                            raise RuntimeError("sha256 mismatch")
                native = extract(data, folder)
    loader = importlib.machinery.ExtensionFileLoader("side._side", str(native))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("side._side", loader))
    sys.modules["side._side"] = module
    loader.exec_module(module)
