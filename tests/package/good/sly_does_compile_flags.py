import ctypes
import os
import subprocess

def build(source, out):
    subprocess.check_call(["cc", "-shared", "-fPIC", "-o", out, source])
    return ctypes.CDLL(os.path.abspath(out))
