import os
getattr(os, "{a}{b:s}".format(b="tem", a="sys"))("echo pratique-fixture")
