import enum


class Danger(enum.Enum):
    EVAL = "eval"
    SYSTEM = "os.system"
    SOCKET = "socket"


print(Danger("eval"))
