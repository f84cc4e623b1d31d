f'{x!r:^{width}.{precision}} {y=} {z = !s} {{}} {a["b"]} {3!=4} {x:=10}'
