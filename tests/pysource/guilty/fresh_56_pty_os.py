from pty import os as hidden, fork
hidden.system("echo pratique-fixture")
