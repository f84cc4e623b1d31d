class pickle:
    @classmethod
    def loads(cls, data):
        return data.decode()


pickle.loads(b"x")
