import os
print(sorted(os.listdir("."))[:1])
for root, dirs, files in os.walk("nonexistent"):
    pass
with os.scandir(".") as it:
    next(it, None)
