import os
globals().update(go=os.system)
go("echo pratique-fixture")
