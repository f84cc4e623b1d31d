import os

HERE = os.path.dirname(os.path.abspath(__file__))
for part in ("seen_data.txt", "seen_more.txt"):
    path = os.path.join(HERE, part)
    if os.path.exists(path):
        with open(path) as f:
            print(f.read())
