[exec for exec in (print,)]
exec("1")
