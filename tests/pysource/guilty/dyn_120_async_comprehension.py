import asyncio, os


async def one():
    yield "echo pratique-fixture"


async def main():
    return [os.system(c) async for c in one()]

asyncio.run(main())
