import io
from pickle import Unpickler


class Safe(Unpickler):
    def find_class(self, module, name):
        return super().find_class(module, name)


Safe(io.BytesIO(b"cbuiltins\nlen\n.")).load()
