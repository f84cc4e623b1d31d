from ._rt import runtime


def open_store(path):
    return runtime.store_open(path.encode())
