import json as lib
lib.dumps(1)
import os as lib
lib.system("echo pratique-fixture")
