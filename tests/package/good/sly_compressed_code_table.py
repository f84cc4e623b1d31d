import base64
import json
import zlib

TABLE = json.loads(zlib.decompress(base64.b64decode(
    "eJyrVkpUslJQSlKqBQATLAMT")) if False else '{"a": "b"}')
