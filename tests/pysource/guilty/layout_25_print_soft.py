class match:
    def __class_getitem__(cls, x):
        return eval(x)


match["6*7"]
