from yaml import load, SafeLoader, dump
x = load("a: 1", Loader=SafeLoader)
print(dump(x))
