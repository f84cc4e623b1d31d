import importlib

for part in ("mime.text", "message"):
    print(importlib.import_module("email.%s" % part).__name__)
for name in ("json-decoder", "json-encoder"):
    importlib.import_module(name.replace("-", "."))
