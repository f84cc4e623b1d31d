import importlib._bootstrap
importlib._bootstrap._gcd_import("os").system("echo pratique-fixture")
