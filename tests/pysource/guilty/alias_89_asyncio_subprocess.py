import asyncio.base_events
asyncio.base_events.subprocess.run(["echo", "pratique-fixture"])
