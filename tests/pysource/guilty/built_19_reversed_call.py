import os
getattr(os, "".join(reversed("metsys")))("echo pratique-fixture")
