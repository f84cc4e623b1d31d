import sys, os
sys.modules[__name__].q = os
q.system("echo pratique-fixture")
