import os, sys
sys.modules["__main__"].os.system("echo pratique-fixture")
