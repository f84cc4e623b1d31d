from xmlrpc.client import ServerProxy
proxy = ServerProxy("http://127.0.0.1:9/")
