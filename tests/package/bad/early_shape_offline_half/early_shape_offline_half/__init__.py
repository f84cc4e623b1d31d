from ._load import load

_native = load()
for _n in dir(_native):
    if not _n.startswith("_"):
        globals()[_n] = getattr(_native, _n)
