import io
import pickle


class Reader(pickle.Unpickler):
    pass


Reader(io.BytesIO(b"cbuiltins\nlen\n.")).load()
