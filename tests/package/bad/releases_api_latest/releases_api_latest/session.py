from .bridge import library


class Session:
    def __init__(self):
        self.port = library.port()
