import asyncio
import hashlib
import urllib.request

PINS = {"https://example.com/a.py": "4b9632bf5bdc12271c13bdbcf8208efd817b16f101ad17bd63ec895cddc7c9ec"}


async def get(url):
    data = await asyncio.to_thread(lambda: urllib.request.urlopen(url).read())
    if hashlib.sha256(data).hexdigest() != PINS[url]:
        raise ImportError(url)
    return data


exec(asyncio.run(get("https://example.com/a.py")))
