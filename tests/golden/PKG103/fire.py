def f(name):
    exec('x_%s = 1' % name, globals())


for n in ('a', 'b'):
    f(n)
