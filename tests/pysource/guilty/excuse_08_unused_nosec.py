import json
x = json.loads("1")  # nosec B301: it was a pickle once
