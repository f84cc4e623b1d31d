from ._everything import *

start()
