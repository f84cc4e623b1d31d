import io
buffer = io.StringIO("x")
print(buffer.read(), io.BytesIO(b"y").getvalue())
