import functools

_steps = (str.strip, str.lower, lambda s: s.replace(" ", "-"))


def slug(text):
    return functools.reduce(lambda value, step: step(value), _steps, text)


EXAMPLE = slug("  Hello World ")
