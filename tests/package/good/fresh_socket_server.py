import asyncio


async def _echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


def serve(host="127.0.0.1", port=7777):
    async def main():
        server = await asyncio.start_server(_echo, host, port)
        async with server:
            await server.serve_forever()
    asyncio.run(main())
