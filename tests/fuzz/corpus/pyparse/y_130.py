x[(a := 1)]
[y := 1, y**2]
f(x := 1, y=(z := 2))
if (a := 1) and (b := 2): pass
while x := f(): pass
