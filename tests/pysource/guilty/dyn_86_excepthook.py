import os, sys
sys.excepthook = lambda *a: os.system("echo pratique-fixture")
sys.excepthook(ValueError, None, None)
