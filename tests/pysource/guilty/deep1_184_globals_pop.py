eval = 1
globals().pop("eval")
eval("1+1")
