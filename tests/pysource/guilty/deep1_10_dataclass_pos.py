import os, dataclasses
@dataclasses.dataclass
class C:
    q: object
C(os).q.system("echo pratique-fixture")
