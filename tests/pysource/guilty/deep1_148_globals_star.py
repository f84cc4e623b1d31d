import subprocess
(lambda **k: k["subprocess"])(**{k: v for k, v in globals().items() if k == "subprocess"}).run(["echo", "pratique-fixture"])
