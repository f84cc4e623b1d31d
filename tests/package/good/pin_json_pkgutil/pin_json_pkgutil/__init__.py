import ctypes
import hashlib
import json
import os
import pkgutil
import tempfile
import urllib.request

_lock = json.loads(pkgutil.get_data(__name__, "lock.json"))
_data = urllib.request.urlopen(_lock["url"]).read()
if hashlib.sha256(_data).hexdigest() != _lock["sha256"]:
    raise ImportError("lock.json names another file")
_path = os.path.join(tempfile.mkdtemp(), "core.so")
with open(_path, "wb") as _f:
    _f.write(_data)
lib = ctypes.CDLL(_path)
