from multiprocessing.connection import Client
try:
    Client(("127.0.0.1", 9))
except OSError:
    pass
