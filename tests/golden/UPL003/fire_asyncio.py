import asyncio
async def f():
    await asyncio.open_connection('x.invalid', 1)
