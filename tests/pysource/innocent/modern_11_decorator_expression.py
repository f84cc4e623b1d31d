table = [lambda f: f]


@table[0]
@(lambda f: f)
def f(): ...
