import os, asyncio
async def f(): return os
async def g():
    (o,) = await asyncio.gather(f())
    o.system("echo pratique-fixture")
asyncio.run(g())
