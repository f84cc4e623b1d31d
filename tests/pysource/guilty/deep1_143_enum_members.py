import subprocess, enum
class E(enum.Enum): A = (subprocess,)
E.A.value[0].run(["echo", "pratique-fixture"])
