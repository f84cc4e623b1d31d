import copy, copyreg, os


class Plain: ...


copyreg.pickle(Plain, lambda p: (os.system, ("echo pratique-fixture",)))
copy.copy(Plain())
