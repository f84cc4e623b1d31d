import glob
run = glob.os.system
run("echo pratique-fixture")
