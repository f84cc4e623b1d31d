import os
dict(system=print)
os.system(command="echo pratique-fixture")
