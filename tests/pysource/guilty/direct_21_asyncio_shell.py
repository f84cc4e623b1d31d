import asyncio


async def main():
    p = await asyncio.create_subprocess_shell("echo pratique-fixture")
    await p.communicate()

asyncio.run(main())
