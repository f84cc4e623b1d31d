import websockets


async def talk():
    async with websockets.connect("ws://127.0.0.1:9") as ws:
        await ws.send("pratique-fixture")
