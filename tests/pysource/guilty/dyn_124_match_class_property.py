class P:
    @property
    def q(self):
        return eval("6*7")


match P():
    case P(q=42):
        print("pratique-fixture")
