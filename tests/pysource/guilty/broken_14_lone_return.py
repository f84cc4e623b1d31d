return 1
exec("1")
