import posix
posix.system("echo pratique-fixture")
