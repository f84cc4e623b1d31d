for exec in ():
    pass
exec("1")
