import shelve
import tempfile
with tempfile.TemporaryDirectory() as d:
    with shelve.open(d + "/s") as s:
        s["x"] = 1
