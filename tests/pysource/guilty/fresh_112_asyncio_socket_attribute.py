import asyncio.base_events
asyncio.base_events.socket.socket().close()
