def body(self):
    return exec(self)


body.__get__("print('pratique-fixture')")()
