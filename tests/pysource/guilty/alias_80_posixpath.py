import posixpath
posixpath.os.system("echo pratique-fixture")
