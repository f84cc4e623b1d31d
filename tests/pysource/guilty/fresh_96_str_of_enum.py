import enum, os


class N(enum.Enum):
    system = 1


getattr(os, N.system.name)("echo pratique-fixture")
