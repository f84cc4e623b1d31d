import cloudpickle
cloudpickle.loads(b"cbuiltins\nlen\n.")
