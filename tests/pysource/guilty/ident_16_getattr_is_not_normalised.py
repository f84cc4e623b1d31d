import os, unicodedata
getattr(os, unicodedata.normalize("NFKC", "ｓｙｓｔｅｍ"))("echo pratique-fixture")
