import os
x = 1if 1else 2; 1and os.system("echo pratique-fixture")
