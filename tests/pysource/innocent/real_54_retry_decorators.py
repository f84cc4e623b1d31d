"""Decorators: retry, rate limit, memo, timing, deprecation, validation."""
import functools
import inspect
import random
import time
import warnings


def retry(*errors, times=3, delay=0.0, jitter=random.random):
    def decorate(f):
        @functools.wraps(f)
        def inner(*args, **kwargs):
            for attempt in range(times):
                try:
                    return f(*args, **kwargs)
                except errors:
                    if attempt == times - 1:
                        raise
                    time.sleep(delay * (1 + jitter()))
        return inner
    return decorate


def timed(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        try:
            return f(*args, **kwargs)
        finally:
            inner.seconds += time.perf_counter() - start
            inner.calls += 1
    inner.seconds, inner.calls = 0.0, 0
    return inner


def deprecated(reason):
    def decorate(f):
        @functools.wraps(f)
        def inner(*args, **kwargs):
            warnings.warn("%s is deprecated: %s" % (f.__name__, reason), DeprecationWarning, stacklevel=2)
            return f(*args, **kwargs)
        return inner
    return decorate


def checked(f):
    signature = inspect.signature(f)

    @functools.wraps(f)
    def inner(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            wanted = signature.parameters[name].annotation
            if isinstance(wanted, type) and not isinstance(value, wanted):
                raise TypeError("%s: %s is no %s" % (name, value, wanted.__name__))
        return f(*args, **kwargs)
    return inner


class limited:
    def __init__(self, calls):
        self.left = calls

    def __call__(self, f):
        @functools.wraps(f)
        def inner(*args, **kwargs):
            if not self.left:
                raise RuntimeError("limit reached")
            self.left -= 1
            return f(*args, **kwargs)
        return inner


attempts = []


@timed
@retry(ValueError, times=3)
@checked
def run(command: str, system: int = 0):
    attempts.append(command)
    if len(attempts) < 3:
        raise ValueError("not yet")
    return command.upper()


@limited(1)
@deprecated("use run")
def exec_(what):
    return what


assert run("eval") == "EVAL" and run.calls == 1
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    exec_("x")
