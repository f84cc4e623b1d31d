import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

TAG = "v1.9"


def _base():
    override = os.environ.get("ESO_BASE_URL")
    return override.rstrip("/") if override else f"https://github.com/example-org/eso/releases/download/{TAG}"


def _bytes(url):
    with urllib.request.urlopen(url) as r:
        return r.read()


def _sha256(path):
    h = hashlib.sha256()
    with path.open("rb") as f:
        for chunk in iter(lambda: f.read(1 << 20), b""):
            h.update(chunk)
    return h.hexdigest()


def _wheel(asset, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / asset["filename"]
    if path.exists() and _sha256(path) == asset["sha256"]:
        return path
    if os.environ.get("ESO_OFFLINE") == "1":
        raise ImportError(f"offline, and {path} is missing")
    tmp = Path(tempfile.mkdtemp())
    try:
        part = tmp / asset["filename"]
        part.write_bytes(_bytes(f"{_base()}/{asset['filename']}"))
        if _sha256(part) != asset["sha256"]:
            raise ImportError("SHA256 mismatch")
        part.replace(path)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    return path


def load():
    cache = Path.home() / ".cache" / "eso"
    manifest = json.loads(_bytes(f"{_base()}/manifest.json").decode())
    asset = next(a for a in manifest["assets"] if sys.platform in a["filename"])
    wheel = _wheel(asset, cache / "wheels")
    with zipfile.ZipFile(wheel) as z:
        member = next(m for m in z.namelist() if "/_native" in m)
        out = cache / Path(member).name
        if not out.exists():
            with z.open(member) as src, out.open("wb") as dst:
                shutil.copyfileobj(src, dst)
    spec = importlib.util.spec_from_file_location("eso._native", out)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
