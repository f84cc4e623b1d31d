import io, pickle
pickle.load(io.BytesIO(b"cbuiltins\nlen\n."))
