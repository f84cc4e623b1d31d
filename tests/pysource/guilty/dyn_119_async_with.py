import asyncio, os
from contextlib import asynccontextmanager


@asynccontextmanager
async def tool():
    yield os.system


async def main():
    async with tool() as t:
        t("echo pratique-fixture")

asyncio.run(main())
