import asyncio, os


class A:
    def __await__(self):
        os.system("echo pratique-fixture")
        yield


async def main():
    await A()

asyncio.run(main())
