import osx = 1
y = 2
os.system("echo pratique-fixture")