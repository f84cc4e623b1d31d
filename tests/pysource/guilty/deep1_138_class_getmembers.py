import inspect
class C: import subprocess
dict(inspect.getmembers(C))["subprocess"].run(["echo", "pratique-fixture"])
