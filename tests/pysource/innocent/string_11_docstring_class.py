class C:
    """exec("x"); __import__("os").system("x")"""

    def f(self):
        '''eval("1")'''
        return 1
