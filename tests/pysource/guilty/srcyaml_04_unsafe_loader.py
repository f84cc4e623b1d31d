from yaml import load, UnsafeLoader
x = load("a: 1", UnsafeLoader)
