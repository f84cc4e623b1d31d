import asyncio, sys
s = sys.modules["socket"].socket()
s.close()
