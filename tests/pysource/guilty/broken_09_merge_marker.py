import os
<<<<<<< HEAD
os.system("echo pratique-fixture")
=======
pass
>>>>>>> other
