import asyncio


async def main():
    loop = asyncio.get_event_loop()
    spawn = loop.subprocess_exec
    transport, _ = await spawn(asyncio.SubprocessProtocol, "echo", "pratique-fixture")
    await asyncio.sleep(0.05)
    transport.close()

asyncio.run(main())
