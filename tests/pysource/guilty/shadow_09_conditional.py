import sys
if sys.platform == "never":
    def eval(x):
        return x
eval("6*7")
