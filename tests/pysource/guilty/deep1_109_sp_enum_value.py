import subprocess, enum
class E(enum.Enum):
    A = subprocess
E.A.value.run(["echo", "pratique-fixture"])
