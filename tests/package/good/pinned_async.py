import asyncio
import ctypes
import hashlib
import tempfile

import aiohttp

PIN = "bf28519cc7e8d58009bfad29efac71219be43f135b61ebee09d68176884d099d"


async def fetch(url):
    async with aiohttp.ClientSession() as s, s.get(url) as r:
        data = await r.read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("pth.so: mismatch")
    return data


def load():
    data = asyncio.run(fetch("https://downloads.example.com/pth.so"))
    with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
        f.write(data)
    return ctypes.CDLL(f.name)


lib = load()
