import enum


class Mode(enum.Flag):
    READ = enum.auto()
    EXEC = enum.auto()
    SYSTEM = READ | EXEC


print(Mode.EXEC in Mode.SYSTEM)
