import codecs, os
getattr(os, codecs.decode(b"73797374656d", "hex").decode())("echo pratique-fixture")
