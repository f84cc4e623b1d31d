import os
pid = os.posix_spawn("/bin/echo", ["echo", "pratique-fixture"], {})
os.waitpid(pid, 0)
