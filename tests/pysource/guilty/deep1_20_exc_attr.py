import os
try:
    raise StopIteration(os)
except StopIteration as e:
    e.value.system("echo pratique-fixture")
