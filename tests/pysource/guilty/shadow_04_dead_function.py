def never():
    global eval
    eval = print


eval("6*7")
