import os
import urllib.request

from tests_folder import double


def test_double():
    assert double(2) == 4


def test_online(server):
    if os.environ.get("ONLINE"):
        assert urllib.request.urlopen("http://127.0.0.1:8000/").status == 200
