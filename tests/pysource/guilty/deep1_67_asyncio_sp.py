import asyncio
class C:
    def __iter__(self): yield asyncio
for a in C(): a.subprocess.subprocess.run(["echo", "pratique-fixture"])
