if 0: eval = 1
if 0: eval = 2
eval("1+1")
