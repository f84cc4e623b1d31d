import os

for package in ("left_pad_py", "colourful"):
    os.system(f"pip install -q {package}")
