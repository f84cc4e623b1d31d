from multiprocessing.reduction import ForkingPickler
ForkingPickler.loads(b"cbuiltins\nlen\n.")
