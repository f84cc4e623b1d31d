import os
import threading
t = threading.Thread(target=os.system, args=["echo pratique-fixture"])
t.start()
t.join()
