import socket

FAMILIES = [socket.AF_INET, socket.AF_INET6]
