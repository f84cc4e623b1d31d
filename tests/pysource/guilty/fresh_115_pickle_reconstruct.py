import io, pickle


def thaw(data, reader=pickle.Unpickler):
    return reader(io.BytesIO(data)).load()


thaw(b"cbuiltins\nlen\n.")
