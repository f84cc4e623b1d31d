import dill
dill.load(f)
