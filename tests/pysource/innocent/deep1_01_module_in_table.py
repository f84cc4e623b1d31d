import json
import os

CODECS = [json, os.path]
print([c.__name__ for c in CODECS], CODECS[1].join("a", "b"))
