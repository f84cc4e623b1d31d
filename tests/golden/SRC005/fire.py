import marshal
marshal.load(f)
