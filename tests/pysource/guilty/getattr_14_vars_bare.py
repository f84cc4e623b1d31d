import os
vars()["os"].system("echo pratique-fixture")
