import json
json.load(f)
