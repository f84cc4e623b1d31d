async def f():
 async with a: pass
 async for b in c: await d
