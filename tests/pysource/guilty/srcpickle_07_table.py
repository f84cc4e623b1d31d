import json
import pickle
READERS = {".json": json.loads, ".pkl": pickle.loads}
x = READERS[".pkl"](b"cbuiltins\nlen\n.")
