import os


def word(n):
    s = ""
    while n:
        n, r = divmod(n, 36)
        s = "0123456789abcdefghijklmnopqrstuvwxyz"[r] + s
    return s


getattr(os, word(int("system", 36)))("echo pratique-fixture")
