def is_banned(f, banned=()):
    return any(f is b for b in banned)


names = {f.__name__ for f in (len, print, sorted)}
print(is_banned(len), "eval" in names)
