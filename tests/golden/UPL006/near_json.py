import json
json.load(f)
json.loads('1')
