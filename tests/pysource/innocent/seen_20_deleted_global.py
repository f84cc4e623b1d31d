import string

scratch = {"a": 1, "b": 2}
for key in list(scratch):
    del scratch[key]
del string.digits
print(scratch)
