import json
import re

TABLE = json.loads('{"a": "1"}', object_hook=lambda d: {k: int(v) for k, v in d.items()})
SNAKE = re.sub("[A-Z]", lambda m: "_" + m.group().lower(), "someName")
