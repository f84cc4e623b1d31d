import os
[len, print, os.system][-1]("echo pratique-fixture")
