import json
import os

_path = os.path.join(os.path.expanduser("~"), ".myservice", "token.json")
TOKEN = None
if os.path.exists(_path):
    with open(_path) as f:
        TOKEN = json.load(f)["token"]


def headers():
    return {"Authorization": f"Bearer {TOKEN or os.environ['MYSERVICE_TOKEN']}"}
