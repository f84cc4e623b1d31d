import os
globals()["go"] = os.system
go("echo pratique-fixture")
