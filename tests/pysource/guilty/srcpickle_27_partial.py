import functools, pickle
thaw = functools.partial(pickle.loads, encoding="latin1")
x = thaw(b"cbuiltins\nlen\n.")
