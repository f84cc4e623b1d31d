import subprocess, asyncio
async def m():
    q = asyncio.Queue(); q.put_nowait(subprocess)
    (await q.get()).run(["echo", "pratique-fixture"])
asyncio.run(m())
