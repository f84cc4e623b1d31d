def f(**k): return k


f(eval=1, exec=2, open=3, os="x", subprocess=None, socket=9)
