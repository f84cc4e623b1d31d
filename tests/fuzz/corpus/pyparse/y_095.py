match x:
    case 1 | -2 | 3.5 | 1+2j | -1-2j | 'a' 'b' | b'c' | None | True | False: pass
    case a.b.c | (d.e): pass
    case [a, *_, b] if a: pass
    case (a, b, *rest), {'k': v, **kw}, {-1: _, a.b: c2}: pass
    case C() | D.E(1, x=2, y=[_]) | F() if 0: pass
    case _: pass
