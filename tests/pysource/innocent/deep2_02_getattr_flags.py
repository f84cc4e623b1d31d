import os

flags = 0
for name in ("O_BINARY", "O_NOINHERIT", "O_CLOEXEC"):
    flags |= getattr(os, name, 0)
print(flags, getattr(os, "O_%s" % "RDONLY"))
