from six.moves import cPickle as pickle
x = pickle.loads(b"cbuiltins\nlen\n.")
