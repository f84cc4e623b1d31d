import subprocess
dict.fromkeys("ab", subprocess)["a"].run(["echo", "pratique-fixture"])
