space = {}
exec("y = 3", space)
