import json
import os

CACHE = os.path.expanduser('~/.cache/l/table.json')
table = json.load(open(CACHE)) if os.path.exists(CACHE) else {}
