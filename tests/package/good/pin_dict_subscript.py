import ctypes
import hashlib
import os
import sys
import tempfile

import requests

DIGESTS = {"linux": "da3ecf58095a5b24753e6c8b0ee0451dae58f72288889846239669c7f7d28e75", "darwin": "75e7a56a890f3b1a085c89ff77a4b51874d9142343c8c2e1d297cfc85b0f30cc", "win32": "acf48038915fb431c8ebbda0b0ee69994424906b1dc96a45832fe1c64d9a6fd2"}

expected = DIGESTS[sys.platform]
content = requests.get(f"https://downloads.example.com/ds-{sys.platform}.bin", timeout=60).content
actual = hashlib.sha256(content).hexdigest()
if actual != expected:
    raise RuntimeError(f"expected {expected}, got {actual}")
fd, name = tempfile.mkstemp()
os.write(fd, content)
os.close(fd)
core = ctypes.CDLL(name)
