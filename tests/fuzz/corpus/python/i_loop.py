import os
s = ""
for i in range(4096):
    s += chr(i % 90 + 32)
    t = s + t
getattr(os, s)()
