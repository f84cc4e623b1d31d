from sysconfig import os as hidden
hidden.system("echo pratique-fixture")
