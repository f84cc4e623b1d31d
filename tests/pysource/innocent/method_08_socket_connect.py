class Lamp:
    def socket(self): return "E27"
    def connect(self, where): return where


Lamp().connect(Lamp().socket())
