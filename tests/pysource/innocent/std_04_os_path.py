import os
p = os.path.join("a", "b")
print(os.path.exists(p), os.path.basename(p), os.path.splitext(p), os.sep)
