import asyncio

reader = asyncio.StreamReader
connect = asyncio.open_connection


async def main():
    try:
        await connect("127.0.0.1", 9)
    except OSError:
        print("pratique-fixture")

asyncio.run(main())
