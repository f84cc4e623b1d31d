import pickle
import urllib.request

with urllib.request.urlopen("https://example.com/state.pkl") as r:
    state = pickle.Unpickler(r).load()
