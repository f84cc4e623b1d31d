class H:
    def __hash__(self):
        return eval("6*7")


{H()}
