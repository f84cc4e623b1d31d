import os
(print, os.system)[1:][0]("echo pratique-fixture")
