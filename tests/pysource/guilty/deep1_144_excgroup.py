import subprocess
try: raise ExceptionGroup("a", [ValueError(subprocess)])
except* ValueError as e: e.exceptions[0].args[0].run(["echo", "pratique-fixture"])
