x = b"import socket; socket.socket()"
