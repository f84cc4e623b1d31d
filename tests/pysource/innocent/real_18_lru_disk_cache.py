"""Results of functions on disk, as JSON, keyed by a hash of the arguments."""
import functools
import hashlib
import json
import os
import tempfile
import time


class DiskCache:
    def __init__(self, folder, seconds=3600, entries=100):
        self.folder, self.seconds, self.entries = folder, seconds, entries
        self.hits = self.misses = 0
        os.makedirs(folder, exist_ok=True)

    def key(self, f, args, kwargs):
        text = json.dumps([f.__module__, f.__qualname__, args, kwargs], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def path(self, key):
        return os.path.join(self.folder, key[:2] + "-" + key[2:32] + ".json")

    def get(self, key):
        try:
            with open(self.path(key), encoding="utf-8") as f:
                entry = json.load(f)
        except (OSError, ValueError):
            return None
        return entry if time.time() - entry["at"] < self.seconds else None

    def put(self, key, value):
        target = self.path(key)
        handle, temporary = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "w") as f:
            json.dump({"at": time.time(), "value": value}, f)
        os.replace(temporary, target)
        self.trim()

    def trim(self):
        files = sorted((os.path.join(self.folder, n) for n in os.listdir(self.folder)), key=os.path.getmtime)
        for old in files[:-self.entries]:
            os.unlink(old)

    def __call__(self, f):
        @functools.wraps(f)
        def inner(*args, **kwargs):
            key = self.key(f, args, kwargs)
            entry = self.get(key)
            if entry is None:
                self.misses += 1
                value = f(*args, **kwargs)
                self.put(key, value)
                return value
            self.hits += 1
            return entry["value"]
        return inner


with tempfile.TemporaryDirectory() as d:
    cache = DiskCache(d)

    @cache
    def square(x):
        return x * x

    assert [square(3), square(3), square(4)] == [9, 9, 16]
    assert (cache.hits, cache.misses) == (1, 2)
