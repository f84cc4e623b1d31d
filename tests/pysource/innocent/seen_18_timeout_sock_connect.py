class Timeout:
    def __init__(self, total, sock_connect):
        self.total = total
        self.sock_connect_seconds = sock_connect


def seconds(timeout):
    return min(timeout.total, timeout.sock_connect)


print(Timeout(3, 1).total)
