import os, warnings
warnings.showwarning = lambda *a, **k: os.system("echo pratique-fixture")
warnings.simplefilter("always")
warnings.warn("x")
