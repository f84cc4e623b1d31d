try:
    1 / 0
except ZeroDivisionError as exec:
    pass
exec("print('pratique-fixture')")
