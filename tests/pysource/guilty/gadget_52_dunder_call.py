import os
os.system.__call__("echo pratique-fixture")
