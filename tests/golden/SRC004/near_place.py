from yaml import load, CSafeLoader
load(f, CSafeLoader)
