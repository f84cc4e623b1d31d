class C:
    exec = print

    def go(self):
        exec("print('pratique-fixture')")


C().go()
