import os
x = r"\"" ; os.system("echo pratique-fixture") ; y = r"\""
