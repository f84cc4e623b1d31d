import asyncio


async def work(n):
    await asyncio.sleep(0)
    return n


async def main():
    return await asyncio.gather(*(work(n) for n in range(3)))

asyncio.run(main())
