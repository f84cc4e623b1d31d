import asyncio, os


async def main():
    await asyncio.sleep(os.system("echo pratique-fixture"))

asyncio.run(main())
