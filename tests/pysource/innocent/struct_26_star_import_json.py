from json import *
print(dumps(1))
