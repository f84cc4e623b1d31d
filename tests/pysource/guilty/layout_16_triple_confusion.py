import os
""""quoted" """; os.system("echo pratique-fixture"); """" """
