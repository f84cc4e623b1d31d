import os.path, sys as s
from . import b as c
from ..x.y import *
X = {"a": 1, **z}
def f(a, *b, k=3, **kw):
    global G
    G = [x + a for x in b if x]
    try:
        with open(a) as h:
            return h.read()
    except (OSError, IOError) as e:
        raise ValueError(f"bad {e!r} {a}") from e
    finally:
        print("x", end="")
    def inner(): 
        nonlocal a
        a += 1
    return lambda: a
class C(B, metaclass=M):
    y = 1
    @d1
    @d2(2)
    def m(self): return super().m(y)
a, *(b, c[1]), d.e = 1 < t < u or v and not w
assert a, "no"
while True:
    if (n := f()) is None: break
    elif n: continue
    else: x[1:2, ::3] = -n
match q:
    case {"a": [1, *r], **rest} if r: pass
    case Point(x=0, y=_) | None: pass
