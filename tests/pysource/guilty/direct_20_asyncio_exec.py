import asyncio


async def main():
    p = await asyncio.create_subprocess_exec("echo", "pratique-fixture")
    await p.wait()


asyncio.run(main())
