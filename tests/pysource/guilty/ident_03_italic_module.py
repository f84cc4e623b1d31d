import os
𝘰𝘴.system("echo pratique-fixture")
