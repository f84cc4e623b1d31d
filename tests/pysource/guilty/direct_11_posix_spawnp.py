from os import posix_spawnp, waitpid
waitpid(posix_spawnp("echo", ["echo", "pratique-fixture"], {}), 0)
