from builtins import *
exec("6*7")
