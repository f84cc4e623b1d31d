from subprocess import *
run(["echo", "pratique-fixture"])
