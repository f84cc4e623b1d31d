import asyncio
asyncio.sleep(1)
