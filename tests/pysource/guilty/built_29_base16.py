import base64 as b, os
getattr(os, b.b16decode("73797374656D").decode())("echo pratique-fixture")
