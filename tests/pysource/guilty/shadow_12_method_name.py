class Model:
    def eval(self):
        return eval("6*7")


Model().eval()
