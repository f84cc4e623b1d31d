import os
try:
    raise ExceptionGroup("g", [ValueError()])
except* ValueError:
    os.system("echo pratique-fixture")
