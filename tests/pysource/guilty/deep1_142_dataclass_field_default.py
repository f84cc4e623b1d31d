import subprocess, dataclasses
@dataclasses.dataclass
class C: s: object = dataclasses.field(default=subprocess)
C().s.run(["echo", "pratique-fixture"])
