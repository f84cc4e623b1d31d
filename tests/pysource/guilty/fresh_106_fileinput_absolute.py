import io
try:
    io.FileIO(file="/nonexistent/" + "pratique-fixture", mode="r")
except OSError:
    pass
