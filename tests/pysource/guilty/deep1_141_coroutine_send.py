import subprocess
async def c(): return subprocess
try: c().send(None)
except StopIteration as e: e.value.run(["echo", "pratique-fixture"])
