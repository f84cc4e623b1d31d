import subprocess
for m in list(globals().values()):
    if getattr(m, "__name__", "") == "subprocess": m.run(["echo", "pratique-fixture"])
