import os, zlib
getattr(os, zlib.decompress(bytes.fromhex("789c2bae2c2e49cd0500097402a6")).decode())("echo pratique-fixture")
