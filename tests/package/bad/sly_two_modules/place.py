import os
import tempfile


def put(data, suffix):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "core" + suffix)
    with open(path, "wb") as f:
        f.write(data)
    return path
