import sys


class Application:
    def __init__(self, argv): self.argv = argv
    def exec(self): return 0
    exec_ = exec


class Dialog:
    def open(self): return True
    def exec(self): return self.open()


app = Application(sys.argv)
if Dialog().exec():
    app.exec_()
