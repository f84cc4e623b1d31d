import pickle
x = f"{pickle.loads(b'K*.')}"
