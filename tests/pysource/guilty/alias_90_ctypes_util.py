from ctypes import util
util.os.system("echo pratique-fixture")
