nonlocal x
eval("6*7")
