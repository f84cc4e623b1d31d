import os
getattr(os, (126965465245037).to_bytes(6, "big").decode())("echo pratique-fixture")
