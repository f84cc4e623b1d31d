import hashlib
import urllib.request


def fetcher(url, pin):
    def fetch():
        data = urllib.request.urlopen(url).read()
        if hashlib.sha256(data).hexdigest() != pin:
            raise ImportError(url)
        return data

    return fetch


get = fetcher("https://example.com/cl.py",
              "4b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344")
exec(get())
