type X = eval("int")
print(X.__value__)
