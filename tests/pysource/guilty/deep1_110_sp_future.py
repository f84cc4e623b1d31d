import subprocess, concurrent.futures
f = concurrent.futures.Future(); f.set_result(subprocess); f.result().run(["echo", "pratique-fixture"])
