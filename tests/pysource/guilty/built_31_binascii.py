import binascii, os
getattr(os, binascii.unhexlify(b"73797374656d").decode())("echo pratique-fixture")
