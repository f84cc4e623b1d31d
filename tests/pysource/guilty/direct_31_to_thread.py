import asyncio
import os

asyncio.run(asyncio.to_thread(os.system, "echo pratique-fixture"))
