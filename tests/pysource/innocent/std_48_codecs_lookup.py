import codecs
print(codecs.encode("hello", "rot13"), codecs.BOM_UTF8, "x".encode("utf-16"))
