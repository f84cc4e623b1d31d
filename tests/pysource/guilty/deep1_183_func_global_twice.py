def a():
    global eval
    eval = 1
def b():
    global eval
    eval = 1
eval("1+1")
