import json, os


class Thing: ...


json.dumps(Thing(), default=lambda t: os.system("echo pratique-fixture"))
