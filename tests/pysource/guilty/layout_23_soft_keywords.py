import os
match = os
case = type = _ = match
match.system("echo pratique-fixture")
