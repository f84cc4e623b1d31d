import asyncio


async def main():
    q = asyncio.Queue()
    await q.put("exec")
    async with asyncio.Lock():
        return await asyncio.wait_for(q.get(), 1)

asyncio.run(main())
