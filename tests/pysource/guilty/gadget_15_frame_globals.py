import os, sys
sys._getframe().f_globals["os"].system("echo pratique-fixture")
