import os
globals()["os"].system("echo pratique-fixture")
