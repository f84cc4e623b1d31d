import os
from binascii import a2b_base64
getattr(os, a2b_base64("c3lzdGVt\n").decode())("echo pratique-fixture")
