from a import *
from . import *
from os import *
system("x"); exec("x"); foo.bar.popen("x")
