import subprocess, contextvars
c = contextvars.ContextVar("c"); c.set(subprocess); c.get().run(["echo", "pratique-fixture"])
