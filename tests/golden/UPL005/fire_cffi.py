try:
    from cffi import FFI
except ImportError:
    pass
