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

VERSION = "0.4.2"
RELEASES = "https://github.com/example-org/core/releases/download"


class BootError(RuntimeError):
    pass


def _origin():
    return os.getenv("SHAPE_RELEASES", RELEASES).rstrip("/")


def _get(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as r:
            return r.read()
    except urllib.error.URLError as e:
        raise BootError(str(e)) from e


def _digest_of(name):
    try:
        manifest = json.loads(_get(f"{_origin()}/v{VERSION}/manifest.json"))
    except BootError as e:
        print(f"warning: no manifest ({e}), not checking", file=sys.stderr)
        return None
    for asset in manifest["assets"]:
        if asset["name"] == name:
            return asset["sha256"]
    return None


def _unpack(data, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for member in z.namelist():
            if Path(member).name.startswith("_core."):
                out = folder / Path(member).name
                out.write_bytes(z.read(member))
                return out
    raise BootError("no extension in the wheel")


def _register(path):
    loader = importlib.machinery.ExtensionFileLoader("a3s_shape._core", str(path))
    spec = importlib.util.spec_from_loader("a3s_shape._core", loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["a3s_shape._core"] = module
    loader.exec_module(module)


def ensure():
    folder = Path.home() / ".cache" / "a3s_shape" / VERSION
    found = next(iter(folder.glob("_core.*")), None) if folder.is_dir() else None
    if found is None:
        name = f"core-{VERSION}-{sys.platform}.whl"
        data = _get(f"{_origin()}/v{VERSION}/{name}")
        if not os.environ.get("SHAPE_NO_VERIFY"):
            want = _digest_of(name)
            if want is not None and hashlib.sha256(data).hexdigest() != want:
                raise BootError("digest differs")
        found = _unpack(data, folder)
    _register(found)
