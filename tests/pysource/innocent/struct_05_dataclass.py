from dataclasses import dataclass, field


@dataclass(order=True)
class Job:
    name: str
    exec: str = "none"
    tags: list = field(default_factory=list)

    def run(self):
        return self.exec


Job("a").run()
