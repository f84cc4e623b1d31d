import json
json.loads('{"code": "6*7"}', object_hook=lambda d: eval(d["code"]))
