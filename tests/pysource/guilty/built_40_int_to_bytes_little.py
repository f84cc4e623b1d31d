import os
getattr(os, int.to_bytes(0x6d6574737973, 6, "little").decode())("echo pratique-fixture")
