import asyncio, os


async def main():
    await asyncio.get_running_loop().run_in_executor(None, os.system, "echo pratique-fixture")

asyncio.run(main())
