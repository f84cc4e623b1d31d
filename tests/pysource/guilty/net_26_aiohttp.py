from aiohttp import ClientSession


async def fetch(url):
    async with ClientSession() as session:
        return await session.get(url)
