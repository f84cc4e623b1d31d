def f(p):
    match p:
        case {"exec": x, **rest}: return x, rest
        case [1, *_]: return 1
        case str(x) if x: return x
        case None: return 0
        case _: return p


f({"exec": 1}), f([1, 2]), f("a")
