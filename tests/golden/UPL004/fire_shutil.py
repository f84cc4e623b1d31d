import shutil
shutil.rmtree('/no/such/folder')
