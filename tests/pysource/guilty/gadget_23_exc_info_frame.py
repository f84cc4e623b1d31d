import os, sys
try:
    raise KeyError
except KeyError:
    sys.exc_info()[2].tb_frame.f_globals["os"].system("echo pratique-fixture")
