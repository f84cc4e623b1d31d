match (x, y), *z:
    case _: pass
match -x:
    case _: pass
match not x:
    case _: pass
match [a for a in b]:
    case _: pass
match (yield_ := 1):
    case _: pass
match *a, b:
    case _: pass
match {}:
    case _: pass
match (x for x in y):
    case _: pass
match x.y[0](1) if a else b:
    case 1: pass
match x,:
    case _ as z: pass
match lambda: 1:
    case _: pass
match f'{a}' 'b':
    case _: pass
