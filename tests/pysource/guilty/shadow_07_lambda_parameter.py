f = lambda exec: exec
exec("1")
