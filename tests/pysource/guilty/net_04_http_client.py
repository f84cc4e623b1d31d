import http.client as hc
c = hc.HTTPConnection("127.0.0.1", 9, timeout=1)
