async def f():
    async with a as b, c: pass
    async for x in y: await x
    [x async for x in y]
    [await x for x in y]
    return (x async for x in y)
