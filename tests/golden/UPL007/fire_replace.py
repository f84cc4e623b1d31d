def f(): pass
x = f.__code__.replace(co_consts=())
