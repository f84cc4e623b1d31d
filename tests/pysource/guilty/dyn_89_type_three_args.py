import os
T = type("T", (), {"go": staticmethod(os.system)})
T.go("echo pratique-fixture")
