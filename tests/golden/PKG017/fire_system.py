import os

os.system('pip3 install --quiet requests')
