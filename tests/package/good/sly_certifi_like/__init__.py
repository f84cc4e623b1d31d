import atexit
import contextlib
import importlib.resources

_stack = contextlib.ExitStack()
atexit.register(_stack.close)


def where():
    return str(_stack.enter_context(importlib.resources.as_file(
        importlib.resources.files(__name__) / "cacert.pem")))
