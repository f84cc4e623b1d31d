import json
import os

all_of_it = json.dumps(dict(os.environ))
