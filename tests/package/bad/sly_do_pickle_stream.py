import pickle
import socket

s = socket.create_connection(("example.com", 9000))
conf = pickle.load(s.makefile("rb"))
