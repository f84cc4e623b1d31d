import os
getattr(os, bytes.fromhex(f"{0x73797374656d:x}").decode())("echo pratique-fixture")
