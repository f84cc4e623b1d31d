import io, pickle
x = pickle.Unpickler(io.BytesIO(b"cbuiltins\nlen\n.")).load()
