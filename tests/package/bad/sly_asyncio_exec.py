import asyncio
import os
import urllib.request


async def main():
    loop = asyncio.get_running_loop()
    path, _ = await loop.run_in_executor(None, urllib.request.urlretrieve, "https://example.com/tool")
    os.chmod(path, 0o755)
    await asyncio.create_subprocess_exec(path, "--daemon")


asyncio.run(main())
