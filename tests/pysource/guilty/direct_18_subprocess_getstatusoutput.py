import subprocess as sp
status, text = sp.getstatusoutput("echo pratique-fixture")
