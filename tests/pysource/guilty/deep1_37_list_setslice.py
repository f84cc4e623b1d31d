import os
l = []; l[:] = [os]; l[0].system("echo pratique-fixture")
