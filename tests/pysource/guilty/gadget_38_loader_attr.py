import json
json.__loader__.__init__.__globals__["_os"].getpid
json.__spec__.loader.get_code("json")
