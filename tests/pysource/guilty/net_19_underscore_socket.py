import _socket
s = _socket.socket()
