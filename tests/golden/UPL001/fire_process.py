import multiprocessing as m
m.Process(target=print).start()
