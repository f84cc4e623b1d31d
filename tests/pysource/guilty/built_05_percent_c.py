import os
getattr(os, "%c%c%c%c%c" % (112, 111, 112, 101, 110))("echo pratique-fixture").read()
