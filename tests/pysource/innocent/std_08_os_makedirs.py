import os
def prepare(d):
    os.makedirs(d, exist_ok=True)
    os.replace(os.path.join(d, "a"), os.path.join(d, "b"))
