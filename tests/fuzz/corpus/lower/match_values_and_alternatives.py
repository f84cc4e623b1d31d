match a:
 case 1 | None: b
 case 'x' if c: d
 case _: e
