import os
go = lambda c="echo pratique-fixture", f=os.system: f(c)
go()
