"""Runs a grid of experiments with a stand-in model; results as a table."""
import csv
import dataclasses
import io
import itertools
import logging
import random
import statistics
from typing import Any, Callable, Dict, Iterator, List

log = logging.getLogger("experiment")


class Model:
    """Interface like that of a deep learning framework."""

    def __init__(self, lr: float, depth: int, seed: int):
        self.rng = random.Random(seed * 1000 + depth)
        self.lr, self.depth, self.training = lr, depth, True
        self.weight = self.rng.random()

    def train(self, mode: bool = True) -> "Model":
        self.training = mode
        return self

    def eval(self) -> "Model":
        return self.train(False)

    def compile(self, **options: Any) -> "Model":
        self.options = options
        return self

    def step(self) -> float:
        self.weight -= self.lr * (self.weight - 0.1 * self.depth)
        return abs(self.weight - 0.1 * self.depth)

    def load_state_dict(self, state: Dict[str, float]) -> None:
        self.weight = state["weight"]

    def state_dict(self) -> Dict[str, float]:
        return {"weight": self.weight}


@dataclasses.dataclass(frozen=True)
class Run:
    lr: float
    depth: int
    seed: int

    @classmethod
    def grid(cls, **choices: List[Any]) -> Iterator["Run"]:
        for values in itertools.product(*choices.values()):
            yield cls(**dict(zip(choices, values)))


def execute(run: Run, steps: int = 50) -> Dict[str, Any]:
    model = Model(**dataclasses.asdict(run)).compile(mode="fast")
    for _ in range(steps):
        loss = model.train().step()
    other = Model(**dataclasses.asdict(run))
    other.load_state_dict(model.state_dict())
    assert other.eval().weight == model.eval().weight
    return {**dataclasses.asdict(run), "loss": round(loss, 6)}


def summarise(rows, key: Callable = lambda r: (r["lr"], r["depth"])):
    for k, group in itertools.groupby(sorted(rows, key=key), key=key):
        losses = [r["loss"] for r in group]
        yield k, statistics.mean(losses), statistics.pstdev(losses)


def write(rows, out):
    w = csv.DictWriter(out, fieldnames=list(rows[0]))
    w.writeheader()
    w.writerows(rows)


rows = [execute(r) for r in Run.grid(lr=[0.1, 0.5], depth=[1, 2], seed=[0, 1, 2])]
out = io.StringIO()
write(rows, out)
best = min(summarise(rows), key=lambda s: s[1])
assert best[0][0] == 0.5 and out.getvalue().count("\n") == 13
