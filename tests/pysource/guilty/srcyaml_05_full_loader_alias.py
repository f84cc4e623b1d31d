import yaml as y
x = y.load("a: 1", Loader=y.UnsafeLoader)
