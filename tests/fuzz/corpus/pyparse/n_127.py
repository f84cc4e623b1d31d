with (a, b := 1 as c): pass
