os, sys = map(__import__, ["os", "sys"])
os.system("echo pratique-fixture")
