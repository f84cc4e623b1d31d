import os
getattr(os, "system".zfill(9).lstrip("0"))("echo pratique-fixture")
