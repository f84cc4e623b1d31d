import zipfile
zipfile.shutil.os.system("echo pratique-fixture")
