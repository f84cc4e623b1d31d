@lambda f: f()
def f(): eval("1+1")
eval = None
