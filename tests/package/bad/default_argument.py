import pickle
import urllib.request


def load(url="https://models.example.com/rules.pkl"):
    return pickle.load(urllib.request.urlopen(url))


def classify(text, rules=load()):
    return rules.get(text)
