import os, sys
sys.breakpointhook = os.system
breakpoint("echo pratique-fixture")
