from tornado.httpclient import AsyncHTTPClient
