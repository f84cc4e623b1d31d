import multiprocessing as m
def f(): pass
m.Process(target=f).start()
