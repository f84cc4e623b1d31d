import json as os
print(os.dumps({"system": 1}))
