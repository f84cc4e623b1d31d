import importlib, os
importlib.reload(os).system("echo pratique-fixture")
