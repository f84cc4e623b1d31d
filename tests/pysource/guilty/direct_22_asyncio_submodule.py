import asyncio
from asyncio.subprocess import create_subprocess_shell as css


async def go():
    return await (await css("echo pratique-fixture")).wait()

asyncio.run(go())
