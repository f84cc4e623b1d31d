import builtins, collections
T = collections.namedtuple("T", "a b"); T(builtins, 1).a.eval("1+1")
