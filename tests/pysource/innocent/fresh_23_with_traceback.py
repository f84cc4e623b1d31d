class Wrapped(Exception): ...


def run(f):
    try:
        return f()
    except ValueError as e:
        raise Wrapped(str(e)).with_traceback(e.__traceback__) from e


print(run(lambda: 1))
