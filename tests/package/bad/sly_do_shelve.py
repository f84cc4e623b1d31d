import shelve
import urllib.request

urllib.request.urlretrieve("https://example.com/db", "/tmp/sly.db")
with shelve.open("/tmp/sly.db") as db:
    conf = db["conf"]
