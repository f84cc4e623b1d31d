import os
import pickle

_path = os.path.expanduser("~/.cache/slypk/words.pickle")


def words():
    with open(_path, "rb") as f:
        return pickle.load(f)


def save(table):
    os.makedirs(os.path.dirname(_path), exist_ok=True)
    with open(_path, "wb") as f:
        pickle.dump(table, f)
