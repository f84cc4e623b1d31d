import ctypes
import pathlib
from importlib import resources

HERE = pathlib.Path(__file__).parent.resolve()
_a = HERE.joinpath("libs", "liba.so")
_b = resources.files(__package__ or __name__) / "libb.so"

liba = ctypes.CDLL(str(_a)) if _a.exists() else None


def libb():
    with resources.as_file(_b) as path:
        return ctypes.CDLL(str(path))
