import dill
with open("s.dill", "rb") as f:
    dill.load(f)
