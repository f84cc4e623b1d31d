import hashlib
import os
import tempfile
import uuid

import requests


def read_file(url):
    r = requests.get(url)
    r.raise_for_status()
    return r.content


def check_hash(data, expected):
    return hashlib.sha256(data).hexdigest() == expected


def read_file_cached(url, expected=None):
    folder = os.environ.get("EHP_CACHE_DIR") or os.path.join(tempfile.gettempdir(), "data-gym-cache")
    path = os.path.join(folder, hashlib.sha1(url.encode()).hexdigest())
    if os.path.exists(path):
        with open(path, "rb") as f:
            data = f.read()
        if expected is None or check_hash(data, expected):
            return data
        os.remove(path)
    data = read_file(url)
    if expected and not check_hash(data, expected):
        raise ValueError(f"hash mismatch for {url}")
    os.makedirs(folder, exist_ok=True)
    part = f"{path}.{uuid.uuid4()}.tmp"
    with open(part, "wb") as f:
        f.write(data)
    os.rename(part, path)
    return data
