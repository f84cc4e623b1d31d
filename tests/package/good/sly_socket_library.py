import socket
import ssl

_context = ssl.create_default_context()


class Pool:
    def __init__(self, host, port=443):
        self.host, self.port, self.idle = host, port, []

    def take(self):
        if self.idle:
            return self.idle.pop()
        raw = socket.create_connection((self.host, self.port), timeout=10)
        return _context.wrap_socket(raw, server_hostname=self.host)

    def give(self, s):
        self.idle.append(s)


pool = Pool("api.example.com")
