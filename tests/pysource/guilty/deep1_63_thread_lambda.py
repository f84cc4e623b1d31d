import os, threading
def w(o): o.system("echo pratique-fixture")
t = threading.Thread(target=w, args=(os,)); t.start(); t.join()
