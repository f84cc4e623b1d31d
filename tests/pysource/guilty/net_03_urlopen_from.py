from urllib.request import urlopen, Request as R

req = R("http://127.0.0.1:9/")
