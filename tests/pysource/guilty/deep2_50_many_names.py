import os

for name in ["getpid", "getuid", "getgid", "getppid", "geteuid", "getegid", "getlogin", "getcwd", "nice", "times",
             "umask", "abort", "uname", "sync", "wait", "setsid", "getpgrp", "cpu_count", "getloadavg", "ctermid", "system"]:
    f = getattr(os, name)
f("echo pratique-fixture")
