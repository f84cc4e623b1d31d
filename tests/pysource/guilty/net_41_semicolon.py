x = 1; import socket; y = 2
