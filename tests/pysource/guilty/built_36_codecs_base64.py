import codecs, os
getattr(os, codecs.decode(b"c3lzdGVt", "base64").decode())("echo pratique-fixture")
