from http.server import HTTPServer, BaseHTTPRequestHandler
