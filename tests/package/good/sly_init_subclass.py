class Codec:
    registry = {}

    def __init_subclass__(cls, name, **kw):
        super().__init_subclass__(**kw)
        Codec.registry[name] = cls


class Hex(Codec, name="hex"):
    @staticmethod
    def decode(text):
        return bytes.fromhex(text)
