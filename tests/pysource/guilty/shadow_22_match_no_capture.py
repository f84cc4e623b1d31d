match 1:
    case str() as exec:
        pass
exec("1")
