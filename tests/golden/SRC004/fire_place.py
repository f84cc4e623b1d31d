from yaml import load, FullLoader
load(f, FullLoader)
