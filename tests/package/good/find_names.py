import subprocess

try:
    FILES = subprocess.check_output(["find", "/usr/share/zoneinfo", "-name", "UTC"])
except OSError:
    FILES = b""
