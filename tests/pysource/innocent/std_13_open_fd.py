import os
r, w = os.pipe()
with open(w, "w") as f:
    f.write("x")
os.close(r)
