async def f(loop, p):
    await loop.subprocess_exec(p, 'echo')
