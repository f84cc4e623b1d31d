import socketserver as ss


class Echo(ss.BaseRequestHandler):
    pass
