import cloudpickle as cp
f = cp.loads(b"")
