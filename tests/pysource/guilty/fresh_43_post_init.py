import dataclasses, os


@dataclasses.dataclass
class Job:
    command: str = "echo pratique-fixture"

    def __post_init__(self):
        os.system(self.command)


Job()
