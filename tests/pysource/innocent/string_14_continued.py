x = "os.\
system('x')"
