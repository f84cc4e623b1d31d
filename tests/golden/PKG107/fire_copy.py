import json
import os

all_of_it = json.dumps(os.environ.copy())
