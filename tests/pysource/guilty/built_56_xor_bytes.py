import os
getattr(os, bytes(b ^ 0x21 for b in b"RXRUDL").decode())("echo pratique-fixture")
