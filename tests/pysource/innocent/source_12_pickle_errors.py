from pickle import PickleError, PicklingError


def explain(e):
    return isinstance(e, (PickleError, PicklingError))
