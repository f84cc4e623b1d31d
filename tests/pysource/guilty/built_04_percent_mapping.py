import os
getattr(os, "%(a)stem" % {"a": "sys"})("echo pratique-fixture")
