import sys
sys.modules["po" + "six"].system("echo pratique-fixture")
