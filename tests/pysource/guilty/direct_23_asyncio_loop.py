import asyncio


async def go():
    loop = asyncio.get_running_loop()
    transport, _ = await loop.subprocess_shell(asyncio.SubprocessProtocol, "echo pratique-fixture")
    await asyncio.sleep(0.05)
    transport.close()

asyncio.run(go())
