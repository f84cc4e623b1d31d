from os import path
path.os.system("echo pratique-fixture")
