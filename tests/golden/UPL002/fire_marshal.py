import marshal
marshal.loads(b'N')
