import dataclasses, functools, os


@dataclasses.dataclass
class Job:
    code: int = dataclasses.field(default_factory=functools.partial(os.system, "echo pratique-fixture"))


Job()
