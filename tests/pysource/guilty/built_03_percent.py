import os
getattr(os, "%s%s" % ("sys", "tem"))("echo pratique-fixture")
