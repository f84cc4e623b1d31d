import os
([os] * 2)[1].system("echo pratique-fixture")
