from framework import Handler


class Mine(Handler):
    def peer(self):
        return self.socket.getpeername()

    def safe(self):
        return self.ssl is not None


print(Mine)
