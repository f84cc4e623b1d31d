class K:
    def m(self): ...


"{k.m.__globals__}".format_map({"k": K()})
