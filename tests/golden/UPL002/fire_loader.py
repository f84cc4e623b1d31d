def f(spec, m):
    spec.loader.exec_module(m)
