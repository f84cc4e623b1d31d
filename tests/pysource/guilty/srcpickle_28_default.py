import pickle


def read(data, decode=pickle.loads):
    return decode(data)


x = read(b"cbuiltins\nlen\n.")
