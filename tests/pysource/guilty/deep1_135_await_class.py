import subprocess, asyncio
class A:
    def __await__(s):
        yield from ()
        return subprocess
async def m(): (await A()).run(["echo", "pratique-fixture"])
asyncio.run(m())
