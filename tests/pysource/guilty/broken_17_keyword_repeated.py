dict(a=1, a=2)
eval("6*7")
