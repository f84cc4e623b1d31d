import json
json.loads('{"6*7": 1}', object_pairs_hook=lambda pairs: [eval(k) for k, _ in pairs])
