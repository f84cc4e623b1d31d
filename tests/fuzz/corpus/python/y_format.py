"{0.__class__.__globals__[os]}".format(x)
"%s%c%%%(a)s" % {"a": 1}
"{}{1}{a!r:>{w}}".format(1, 2, a=3, w=4)
