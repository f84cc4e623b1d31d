from pickle import Unpickler
Unpickler(f).load()
