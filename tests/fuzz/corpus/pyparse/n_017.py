async def f():
    type X = await x
