def local():
    exec = print
    exec("quiet")


local()
exec("print('pratique-fixture')")
