import json
import pkgutil

TABLE = json.loads(pkgutil.get_data(__name__, "table.json").decode())
