import subprocess, asyncio
class C:
    async def __aenter__(s): return subprocess
    async def __aexit__(s, *a): pass
async def m():
    async with C() as s: s.run(["echo", "pratique-fixture"])
asyncio.run(m())
