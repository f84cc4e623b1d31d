import json
import os
import urllib.request


def notify(text, url=None):
    url = url or os.environ["SLACK_WEBHOOK_URL"]
    data = json.dumps({"text": text}).encode()
    urllib.request.urlopen(urllib.request.Request(url, data, {"Content-Type": "application/json"}))
