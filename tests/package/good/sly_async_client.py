import asyncio


class Client:
    async def get(self, url):
        import aiohttp

        async with aiohttp.ClientSession() as session:
            async with session.get(url) as r:
                return await r.text()


def get(url):
    return asyncio.run(Client().get(url))
