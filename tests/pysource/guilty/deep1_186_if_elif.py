if 0: eval = 1
elif 0: eval = 2
eval("1+1")
