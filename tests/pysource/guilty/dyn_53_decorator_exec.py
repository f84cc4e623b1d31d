def text(f):
    return "print('pratique-fixture')"


@exec
@text
def body():
    pass
