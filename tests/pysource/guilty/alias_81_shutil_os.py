import shutil
shutil.os.system("echo pratique-fixture")
