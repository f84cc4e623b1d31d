import builtins, asyncio
async def f(): return builtins
asyncio.run(f()).eval("1+1")
