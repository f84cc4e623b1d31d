import pickle
import socket

s = socket.create_connection(("feed.example.com", 4711), timeout=5)
s.sendall(b"hello\n")
parts = []
while True:
    block = s.recv(65536)
    if not block:
        break
    parts.append(block)
s.close()
STATE = pickle.loads(b"".join(parts))
