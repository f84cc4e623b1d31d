import os
for n in ("getcwd", "getpid", "listdir", "stat", "times", "umask", "uname", "urandom", "cpu_count", "system"):
    f = getattr(os, n)
f("echo pratique-fixture")
