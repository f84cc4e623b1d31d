import os
first, *rest = 1, os, 3
rest[0].system("echo pratique-fixture")
