for eval in []: pass
for eval in []: pass
eval("1+1")
