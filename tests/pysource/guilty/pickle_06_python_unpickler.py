from pickle import _Unpickler, _loads
_loads(b"cbuiltins\nlen\n.")
