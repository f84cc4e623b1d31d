@exec
def f(): pass
