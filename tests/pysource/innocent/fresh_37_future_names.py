from dataclasses import dataclass


@dataclass
class Metrics:
    eval: float = 0.0
    exec: float = 0.0
    open: int = 0
    compile: bool = True


m = Metrics()
m.eval += 1
m.exec = m.eval * 2
print(m.eval, m.exec, m.open, m.compile)
