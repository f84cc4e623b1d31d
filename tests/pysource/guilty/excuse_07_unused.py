import json
x = json.loads("1")  # pratique: allow[SRC001] nothing here needs it
