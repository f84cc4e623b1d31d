def exec(statement):
    return statement.upper()


exec("select 1")
