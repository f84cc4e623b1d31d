import subprocess
e = ValueError(); e.__dict__["q"] = subprocess
try: raise e
except ValueError as x: x.q.run(["echo", "pratique-fixture"])
