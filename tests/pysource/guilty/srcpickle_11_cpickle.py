import cPickle
x = cPickle.loads(b"cbuiltins\nlen\n.")
