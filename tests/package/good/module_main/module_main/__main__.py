import functools
import http.server
import sys

if __name__ == "__main__":
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
    http.server.ThreadingHTTPServer(("127.0.0.1", 8000), handler).serve_forever()
