class Store:
    def load(self, name): return name
    def loads(self, text): return text


s = Store()
s.load("x"), s.loads("y")
