import marshal
marshal.dump(x, f)
