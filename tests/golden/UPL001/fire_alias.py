import os as o
o.system('echo pratique-fixture')
