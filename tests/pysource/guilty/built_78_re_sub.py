import os, re
getattr(os, re.sub(r"\d", "", "s1y2s3t4e5m"))("echo pratique-fixture")
