import os, threading
t = threading.Thread()
t.run = lambda: os.system("echo pratique-fixture")
t.start()
t.join()
