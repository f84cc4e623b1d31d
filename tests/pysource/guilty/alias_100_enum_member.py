import enum
import os


class Tool(enum.Enum):
    SHELL = (os.system,)


Tool.SHELL.value[0]("echo pratique-fixture")
