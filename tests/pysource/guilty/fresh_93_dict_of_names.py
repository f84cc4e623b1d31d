import os
N = dict(a="sys", b="tem")
getattr(os, "{a}{b}".format(**N))("echo pratique-fixture")
