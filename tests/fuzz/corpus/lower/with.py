def f():
 with a as b, c: return d
