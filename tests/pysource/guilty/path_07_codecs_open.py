import codecs
try:
    codecs.open("/nonexistent/pratique-fixture", encoding="utf-8")
except OSError:
    pass
