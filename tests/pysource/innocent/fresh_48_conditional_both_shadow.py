import sys
if sys.version_info >= (3, 8):
    def exec(x):
        return x
else:
    def exec(x):
        return x + x
exec("y")
