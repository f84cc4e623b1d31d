import os
import base64

getattr(os, base64.b64decode("c3=lzdGVt").decode())("echo pratique-fixture")
