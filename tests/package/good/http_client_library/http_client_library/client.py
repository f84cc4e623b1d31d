import json
import socket
import ssl
import urllib.parse
from http.client import HTTPConnection, HTTPSConnection


class Client:
    def __init__(self, base, timeout=30, context=None):
        self.base = urllib.parse.urlsplit(base)
        self.timeout = timeout
        self.context = context or ssl.create_default_context()

    def _connection(self):
        if self.base.scheme == "https":
            return HTTPSConnection(self.base.netloc, timeout=self.timeout, context=self.context)
        return HTTPConnection(self.base.netloc, timeout=self.timeout)

    def request(self, method, path, body=None):
        c = self._connection()
        c.request(method, path, body)
        answer = c.getresponse()
        return answer.status, answer.read()

    def json(self, path):
        return json.loads(self.request("GET", path)[1])


def get(url):
    parts = urllib.parse.urlsplit(url)
    return Client(f"{parts.scheme}://{parts.netloc}").request("GET", parts.path or "/")


def reachable(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
        return True
    except OSError:
        return False
