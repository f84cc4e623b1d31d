import base64, os
getattr(os, base64.b85decode(b"b9r-gWo-").decode())("echo pratique-fixture")
