import os
getattr(os, "".join(chr(n - 1) for n in (116, 122, 116, 117, 102, 110)))("echo pratique-fixture")
