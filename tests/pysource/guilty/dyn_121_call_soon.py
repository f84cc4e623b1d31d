import asyncio, os


async def main():
    asyncio.get_running_loop().call_soon(os.system, "echo pratique-fixture")
    await asyncio.sleep(0)

asyncio.run(main())
