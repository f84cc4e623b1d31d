def f(x: (y := 1), z=(w := 2)) -> (v := 3): pass
