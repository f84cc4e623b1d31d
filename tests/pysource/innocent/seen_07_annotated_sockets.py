from __future__ import annotations


def wait(sock: socket.socket, timeout: float = 1.0) -> socket.socket:
    return sock


print(wait(None))
