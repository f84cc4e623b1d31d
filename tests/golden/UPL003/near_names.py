socket = requests = 1
x = 'import socket'
