import os
getattr(os, str(b"system", "utf-8"))("echo pratique-fixture")
