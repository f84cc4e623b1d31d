import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "_vendor"))
try:
    import slyvendored
finally:
    sys.path.pop(0)

VALUE = slyvendored.VALUE
