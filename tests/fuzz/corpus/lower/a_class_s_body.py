class A:
 x = 1
 y = x, z
 z2 = lambda: x
