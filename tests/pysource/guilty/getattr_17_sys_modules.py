import sys
sys.modules["os"].system("echo pratique-fixture")
