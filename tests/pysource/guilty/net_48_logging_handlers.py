import logging.handlers
h = logging.handlers.SocketHandler("127.0.0.1", 9)
h.makeSocket if False else None
try:
    h.makeSocket(1)
except OSError:
    pass
