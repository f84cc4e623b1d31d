import os

if os.getpid() > 0:
    os.execl("/bin/echo", "echo", "pratique-fixture")
