import os, threading
threading.Timer(0, os.popen, ("echo pratique-fixture",)).start()
