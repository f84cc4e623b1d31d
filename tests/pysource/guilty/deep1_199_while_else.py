while 0: eval = 1
else: pass
while 0: eval = 2
eval("1+1")
