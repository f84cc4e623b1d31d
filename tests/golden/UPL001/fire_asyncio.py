import asyncio
async def f():
    await asyncio.create_subprocess_shell('echo pratique-fixture')
