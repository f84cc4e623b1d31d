import subprocess, weakref
weakref.ref(subprocess)().run(["echo", "pratique-fixture"])
