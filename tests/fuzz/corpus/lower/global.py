def f():
 global x
 x = y
y = 1
