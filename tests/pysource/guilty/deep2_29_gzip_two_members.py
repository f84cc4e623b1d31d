import os
import gzip

getattr(os, gzip.decompress(gzip.compress(b"sys") + gzip.compress(b"tem")).decode())("echo pratique-fixture")
