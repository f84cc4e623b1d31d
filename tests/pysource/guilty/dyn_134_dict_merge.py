import os
d = {**{"a": len}, **{"b": os.system}}
d["b"]("echo pratique-fixture")
