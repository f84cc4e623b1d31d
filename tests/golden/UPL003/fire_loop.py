async def f(loop):
    await loop.create_connection(None, 'x.invalid', 1)
