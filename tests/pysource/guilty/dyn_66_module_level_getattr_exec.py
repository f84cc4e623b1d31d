import sys
__getattr__ = eval
try:
    sys.modules[__name__].True_
except NameError:
    pass
