import os
t = ()
t += (os.system,)
t[0]("echo pratique-fixture")
