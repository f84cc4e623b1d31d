import os
getattr(os, bytearray(b"system").decode())("echo pratique-fixture")
