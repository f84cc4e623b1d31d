import asyncio, os


async def items():
    yield os


async def main():
    async for o in items():
        o.system("echo pratique-fixture")

asyncio.run(main())
