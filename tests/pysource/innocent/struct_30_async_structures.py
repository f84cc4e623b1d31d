import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def session():
    yield {"run": 1}


async def rows():
    for i in range(2):
        yield i


async def main():
    async with session() as s:
        return [r async for r in rows()], s["run"]

asyncio.run(main())
