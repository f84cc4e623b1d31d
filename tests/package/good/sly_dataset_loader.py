import hashlib
import os
import urllib.request

DATASETS = {
    "iris": ("https://data.example.com/iris.csv",
             "7d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"),
}


def fetch(name, folder=None):
    url, pin = DATASETS[name]
    folder = folder or os.path.expanduser("~/.sly_data")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, os.path.basename(url))
    if not os.path.exists(path) or _digest(path) != pin:
        urllib.request.urlretrieve(url, path)
        if _digest(path) != pin:
            os.remove(path)
            raise OSError(f"{name}: the download is damaged")
    return path


def _digest(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            h.update(block)
    return h.hexdigest()
