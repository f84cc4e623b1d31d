import locale
import os
import socket

NAME = f"{socket.gethostname()}-{os.getpid()}"
ENCODING = locale.getpreferredencoding(False)
