import subprocess, queue
q = queue.Queue(); q.put(subprocess); q.get().run(["echo", "pratique-fixture"])
