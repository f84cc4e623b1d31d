class Box:
    def __class_getitem__(cls, item):
        return (cls, item)


x: Box[int] = Box[str]
