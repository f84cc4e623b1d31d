import json
print(json.loads('{"eval": 1}'), json.dumps({"os": "system"}))
