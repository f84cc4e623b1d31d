import os
from dataclasses import dataclass, field
from typing import Callable


@dataclass
class Job:
    run: Callable = field(default=os.system)


Job().run("echo pratique-fixture")
