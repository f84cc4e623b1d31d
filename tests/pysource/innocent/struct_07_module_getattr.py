_LAZY = {"version": "1.0"}


def __getattr__(name):
    try:
        return _LAZY[name]
    except KeyError:
        raise AttributeError(name) from None
