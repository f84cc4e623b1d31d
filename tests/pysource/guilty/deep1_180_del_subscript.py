eval = 1
del globals()["eval"]
eval("1+1")
