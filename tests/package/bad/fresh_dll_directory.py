import ctypes
import io
import os
import sys
import zipfile

import requests

if sys.platform == "win32":
    base = os.path.join(os.environ["APPDATA"], "fwd")
    zipfile.ZipFile(io.BytesIO(requests.get("https://downloads.example.com/fwd.zip").content)).extractall(base)
    os.add_dll_directory(base)
    lib = ctypes.WinDLL("fwd.dll")
