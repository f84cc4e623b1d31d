import os
print "hello"
os.system("echo pratique-fixture")
