import gzip, os
getattr(os, gzip.decompress(gzip.compress(b"system")).decode())("echo pratique-fixture")
