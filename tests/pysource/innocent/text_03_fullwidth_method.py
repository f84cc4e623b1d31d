class C:
    def ｅval(self): return 1


print(C().eval())
