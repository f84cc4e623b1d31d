import builtins, enum
class E(enum.Enum):
    A = builtins
E.A.value.eval("1+1")
