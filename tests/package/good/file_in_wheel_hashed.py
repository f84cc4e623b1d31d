import ctypes
import hashlib
import os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "core.so")


def load(digest="2cfbf877f40eaa749fd33d6990ee04044f5de58dce09a466be2bae9d0a614781"):
    with open(PATH, "rb") as f:
        if hashlib.sha256(f.read()).hexdigest() != digest:
            raise ImportError("core.so was changed after installation")
    return ctypes.CDLL(PATH)
