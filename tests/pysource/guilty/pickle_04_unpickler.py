import io, pickle as p
p.Unpickler(io.BytesIO(b"cbuiltins\nlen\n.")).load()
