class Codec:
    name = ""

    @classmethod
    def named(cls, name):
        for one in cls.__subclasses__():
            if one.name == name:
                return one()
        raise KeyError(name)


class Plain(Codec):
    name = "plain"


print(Codec.named("plain").name)
