import hashlib


class Untrusted(Exception):
    pass


def ensure(data, want):
    have = hashlib.sha256(data).hexdigest()
    if have != want:
        raise Untrusted(f"wanted {want}, have {have}")
