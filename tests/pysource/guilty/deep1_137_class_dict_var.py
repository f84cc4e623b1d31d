class C: import subprocess
m = C.__dict__["subprocess"]
m.run(["echo", "pratique-fixture"])
