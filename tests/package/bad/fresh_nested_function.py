import pickle
import urllib.request


def outer():
    def middle(url):
        def inner():
            return urllib.request.urlopen(url).read()
        return inner
    return [middle("https://state.example.com/a"), middle("https://state.example.com/b")]


STATES = [pickle.loads(step()) for step in outer()]
