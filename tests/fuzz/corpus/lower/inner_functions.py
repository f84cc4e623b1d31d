def f(a):
 b = 1
 def g():
  nonlocal b
  b = a
 return g
