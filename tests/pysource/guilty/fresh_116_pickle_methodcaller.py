import operator, pickle
operator.methodcaller("loads", b"cbuiltins\nlen\n.")(pickle)
