import multiprocessing.reduction as r
r.pickle.loads(b"cbuiltins\nlen\n.")
